#include "cli/say.h"

#include <fstream>

#include <fmt/format.h>
#include <boost/json.hpp>

namespace speechcoach::cli {
namespace {

namespace bj = boost::json;

bj::object ToJson(const voice::ModelSpeech& speech) {
  bj::array words;
  for (const voice::SpokenWord& word : speech.words)
    words.emplace_back(bj::object{{"text", word.text}, {"start_s", word.start_s}, {"end_s", word.end_s}});
  bj::array phones;
  for (const voice::SpokenPhone& phone : speech.phones) {
    phones.emplace_back(
        bj::object{{"phone", phone.phone}, {"word", phone.word}, {"start_s", phone.start_s}, {"end_s", phone.end_s}});
  }
  return {{"duration_s", speech.duration_s()}, {"words", std::move(words)}, {"phones", std::move(phones)}};
}

}  // namespace

ExitCode RunSay(const SayCommand& command, voice::ModelVoice& voice) {
  const auto speech = voice.Say(command.text, command.is_slow ? voice::Speed::kSlow : voice::Speed::kNormal);
  if (!speech.ok()) {
    fmt::print(stderr, "speechcoach: {}\n", speech.error().message);
    return ExitCode::kUsage;
  }
  if (!command.out.empty()) {
    std::ofstream file(command.out, std::ios::binary);
    file << voice::ToWav(*speech);
    if (!file.flush()) {
      fmt::print(stderr, "speechcoach: {} cannot be written\n", command.out);
      return ExitCode::kFailed;
    }
  }
  if (command.as_json) {
    fmt::print("{}\n", bj::serialize(ToJson(*speech)));
    return ExitCode::kOk;
  }
  for (std::size_t i = 0; i < speech->words.size(); ++i) {
    std::string phones;
    for (const voice::SpokenPhone& phone : speech->phones) phones += phone.word == i ? " " + phone.phone : "";
    fmt::print("{:6.2f} – {:5.2f} s  {:<14}{}\n", speech->words[i].start_s, speech->words[i].end_s, speech->words[i].text,
               phones);
  }
  return ExitCode::kOk;
}

}  // namespace speechcoach::cli
