// speechcoach-bench-live: speakers who talk at the same time, in real time, for the benchmark bench/live.py.
//
// Each speaker's recording goes in chunks of 100 ms. The final transcript is made as the server makes it, with the evidence for pronunciation scores.
// Writes a line of JSON a recording: {path, first_partial_s (from the first word's beginning, as the final transcript has it, to the first partial
// transcript with words after it), first_lasting_s (the same, to the first partial with a word of the final transcript that was begun by then),
// after_sound_s (the latter, from the first sound that is not far below the loud ones: a breath, a chair), revisions (words shown and replaced later,
// those of the final transcript included), words, final_ms (after the last chunk), partials}. The first three are null where the recording ended before.
// Words are compared by their letters and digits, without capitals.
#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iterator>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "audio/wav.h"
#include "base/log.h"
#include "stt/internal/loudness.h"
#include "stt/live_transcriber.h"
#include "stt/model_store.h"
#include "stt/whisper_transcriber.h"

namespace speechcoach::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kChunk = model::kSampleRateHz / 10;

struct Talk {
  std::string path;
  std::string text;  // what was to be read
  model::AudioClip clip;
};

double FirstSoundS(const model::AudioClip& clip) {
  const std::vector<float> loudness = stt::LoudnessDb(clip.samples);
  const float threshold = stt::SpeechThresholdDb(loudness);
  const auto first = std::ranges::find_if(loudness, [&](float db) { return db > threshold; });
  return static_cast<double>(first - loudness.begin()) / 100.0;
}

using Words = std::vector<model::Word>;

// A mark or a capital that changes as the sentence grows is no other word.
std::string Letters(const model::Word& word) {
  std::string letters;
  for (const unsigned char c : word.text) {
    if (std::isalnum(c) != 0 || c == '\'') letters += static_cast<char>(std::tolower(c));
  }
  return letters;
}

// Of the longest common subsequence.
std::size_t Common(const Words& before, const Words& after) {
  std::vector<std::size_t> common(after.size() + 1, 0);  // with so many of `after`
  for (const model::Word& word : before) {
    std::size_t diagonal = 0;
    for (std::size_t i = 1; i < common.size(); ++i) {
      const std::size_t above = common[i];
      common[i] = Letters(word) == Letters(after[i - 1]) ? diagonal + 1 : std::max(above, common[i - 1]);
      diagonal = above;
    }
  }
  return common.back();
}

// Words of `before` that `after` no longer has, in their order.
std::size_t Replaced(const Words& before, const Words& after) { return before.size() - Common(before, after); }

class Speaker {
 public:
  Speaker(stt::Transcriber& transcriber, stt::LiveTranscriber& live, const Talk& talk)
      : transcriber_(transcriber), live_(live), talk_(talk) {}

  // Blocks for as long as the recording lasts.
  base::Result<boost::json::object> Speak() {
    const auto start = SteadyClock::now();
    auto utterance = live_.Begin([&](const stt::PartialTranscript& partial) { Take(partial.transcript, start); });
    for (std::size_t begin = 0; begin < talk_.clip.samples.size(); begin += kChunk) {
      const auto chunk = std::span(talk_.clip.samples).subspan(begin, std::min(kChunk, talk_.clip.samples.size() - begin));
      std::this_thread::sleep_until(start + std::chrono::microseconds((begin + chunk.size()) * 1'000'000 / model::kSampleRateHz));
      utterance->Append(chunk);
    }
    const auto end = SteadyClock::now();
    utterance.reset();
    stt::TranscribeOptions options;
    options.on_evidence = [](const model::SpeechEvidence&) {};
    options.reference_text = talk_.text;
    const auto transcript = transcriber_.Transcribe(talk_.clip, options);
    const double final_ms = std::chrono::duration<double, std::milli>(SteadyClock::now() - end).count();
    if (!transcript.ok()) return transcript.error();

    const std::lock_guard lock(mutex_);
    std::size_t revisions = 0;
    for (std::size_t i = 0; i < partials_.size(); ++i)
      revisions += Replaced(partials_[i].words, i + 1 < partials_.size() ? partials_[i + 1].words : transcript->words);
    boost::json::value after_word(nullptr);
    boost::json::value lasting(nullptr);
    boost::json::value after_sound(nullptr);
    if (!transcript->words.empty()) {
      const double begun_s = transcript->words.front().start_s;
      // What was made up before anybody spoke counts neither as the first words nor as words of the final transcript.
      const auto any = std::ranges::find_if(
          partials_, [&](const Partial& partial) { return partial.at_s >= begun_s && !partial.words.empty(); });
      const auto true_one = std::ranges::find_if(partials_, [&](const Partial& partial) {
        Words begun = transcript->words;
        std::erase_if(begun, [&](const model::Word& word) { return word.start_s >= partial.at_s; });
        return Common(partial.words, begun) > 0;
      });
      if (any != partials_.end()) after_word = any->at_s - begun_s;
      if (true_one != partials_.end()) {
        lasting = true_one->at_s - begun_s;
        after_sound = true_one->at_s - FirstSoundS(talk_.clip);
      }
    }
    return boost::json::object{{"path", talk_.path},         {"first_partial_s", after_word},
                               {"first_lasting_s", lasting}, {"after_sound_s", after_sound},
                               {"revisions", revisions},     {"words", transcript->words.size()},
                               {"final_ms", final_ms},       {"partials", partials_.size()}};
  }

 private:
  struct Partial {
    double at_s = 0.0;  // after the recording began
    Words words;
  };

  void Take(const model::Transcript& transcript, SteadyClock::time_point start) {
    const std::lock_guard lock(mutex_);
    partials_.push_back({std::chrono::duration<double>(SteadyClock::now() - start).count(), transcript.words});
  }

  stt::Transcriber& transcriber_;
  stt::LiveTranscriber& live_;
  const Talk& talk_;
  std::mutex mutex_;
  std::vector<Partial> partials_;
};

int Run(const std::string& model, const std::string& list, std::size_t speakers) {
  base::SetUpLogging({"warning", "text"});
  const auto file = stt::FindModel(model, {});
  const auto transcriber =
      file.ok() ? stt::MakeWhisperTranscriber({}, *file) : base::Result<std::unique_ptr<stt::Transcriber>>(file.error());
  if (!transcriber.ok()) {
    fmt::print(stderr, "speechcoach-bench-live: {}\n", transcriber.error().message);
    return 1;
  }
  std::vector<Talk> talks;
  std::ifstream paths(list);
  for (std::string line; std::getline(paths, line);) {
    const std::string path = line.substr(0, line.find('\t'));
    std::ifstream wave(path, std::ios::binary);
    auto clip = audio::DecodeWav(std::vector<std::uint8_t>((std::istreambuf_iterator<char>(wave)), {}));
    if (!clip.ok()) {
      fmt::print(stderr, "{}: {}\n", path, clip.error().message);
      return 1;
    }
    talks.push_back({path, path.size() < line.size() ? line.substr(path.size() + 1) : "", std::move(*clip)});
  }
  if (talks.empty()) return 1;
  const auto live = stt::MakeLiveTranscriber(**transcriber);
  static_cast<void>((*transcriber)->Transcribe(talks.front().clip, {}));  // warm

  std::mutex printing;
  bool has_failed = false;
  for (std::size_t first = 0; first < talks.size(); first += speakers) {
    std::vector<std::jthread> threads;
    for (const Talk& talk : std::span(talks).subspan(first, std::min(speakers, talks.size() - first))) {
      threads.emplace_back([&] {
        const auto spoken = Speaker(**transcriber, *live, talk).Speak();
        const std::lock_guard lock(printing);
        if (spoken.ok()) fmt::print("{}\n", boost::json::serialize(*spoken));
        if (!spoken.ok()) {
          fmt::print(stderr, "{}: {}\n", talk.path, spoken.error().message);
          has_failed = true;
        }
      });
    }
  }
  return has_failed ? 1 : 0;
}

}  // namespace
}  // namespace speechcoach::bench

int main(int argc, char** argv) {
  CLI::App app("Speakers who talk at the same time");
  std::string model;
  std::string list;
  std::size_t speakers = 1;
  app.add_option("model", model, "a ggml file")->required()->check(CLI::ExistingFile);
  app.add_option("list", list, "a file of paths, one a line; what is read in it after a tabulator")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--speakers", speakers, "at once")->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);
  try {
    return speechcoach::bench::Run(model, list, speakers);
  } catch (const std::exception& fault) {
    fmt::print(stderr, "speechcoach-bench-live: {}\n", fault.what());
    return 1;
  }
}
