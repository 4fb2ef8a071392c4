// speechcoach-hint-candidates: on which rated words a live hint could be given, and how plain the error is, as the program itself finds it.
//
// Reads what speechcoach-train-features wrote, the rated corpus and a phone head; writes a line a rated word, tab-separated: utterance, speaker,
// rating (0-10), whether the recogniser heard the word (1, 0), and the log ratio of its plainest error (empty: none).
#include <algorithm>
#include <exception>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <CLI/CLI.hpp>

#include "encoding_cache.h"
#include "pronunciation/live_hints.h"
#include "pronunciation/rated_corpus.h"

namespace speechcoach::train {
namespace {

struct Arguments {
  std::string cache;
  std::string corpus;
  std::string head;
  std::string speakers;
  std::string out;
};

base::Result<std::unique_ptr<pronunciation::HintFinder>> FinderOfAll(const std::string& head) {
  const auto file = pronunciation::TensorFile::Read(head);
  if (!file.ok()) return file.error();
  auto parameters = pronunciation::Parameters::Make(*file, nullptr);
  if (!parameters.ok()) return parameters.error();
  return pronunciation::MakeHintFinder(std::move(*parameters), {.if_other = 0.0, .if_heard = 0.0});
}

void Write(std::ofstream& out, const pronunciation::RatedUtterance& utterance, const model::Transcript& transcript,
           const std::vector<pronunciation::LiveHint>& hints) {
  const pronunciation::ReferenceText heard = pronunciation::ToReferenceText(transcript.text);
  const auto matches = pronunciation::MatchWords(utterance.text, heard);
  for (std::size_t i = 0; i < utterance.words.size(); ++i) {
    std::string log_ratio;
    if (matches[i].transcript_word >= 0) {
      const std::size_t word = heard[static_cast<std::size_t>(matches[i].transcript_word)].written_index;
      const auto hint = std::ranges::find(hints, word, &pronunciation::LiveHint::word);
      if (hint != hints.end()) log_ratio = fmt::format("{:.3f}", hint->log_ratio);
    }
    fmt::print(out, "{}\t{}\t{}\t{}\t{}\n", utterance.id, utterance.speaker, utterance.words[i].accuracy,
               matches[i].is_same ? 1 : 0, log_ratio);
  }
}

int Complain(const base::Error& error) {
  fmt::print(stderr, "speechcoach-hint-candidates: {}\n", error.message);
  return 1;
}

int Run(const Arguments& arguments) {
  const auto finder = FinderOfAll(arguments.head);
  if (!finder.ok()) return Complain(finder.error());
  const auto corpus = pronunciation::ReadRatedCorpus(arguments.corpus);
  if (!corpus.ok()) return Complain(corpus.error());
  std::ifstream listed(arguments.speakers);
  std::set<std::string> wanted;
  for (std::string speaker; listed >> speaker;) wanted.insert(speaker);
  EncodingCache cache(arguments.cache);
  std::ofstream out(arguments.out);
  for (const pronunciation::RatedUtterance& utterance : *corpus) {
    if (!wanted.contains(utterance.speaker) || !cache.Has(utterance.id)) continue;
    const model::EncoderFeatures features = cache.Features(utterance.id);
    const model::Transcript transcript = cache.Transcript(utterance.id);
    const auto found = (*finder)->Find({features, transcript.words, transcript.words.size(), 0}, utterance.written);
    Write(out, utterance, transcript, found.hints);
  }
  return out.flush() ? 0 : 1;
}

}  // namespace
}  // namespace speechcoach::train

int main(int argc, char** argv) {
  speechcoach::train::Arguments arguments;
  CLI::App app("Writes on which rated words a live hint could be given");
  app.add_option("--cache", arguments.cache, "folder that speechcoach-train-features wrote")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--corpus", arguments.corpus, "folder with labels.tsv")->required()->check(CLI::ExistingDirectory);
  app.add_option("--head", arguments.head, "the phone head")->required()->check(CLI::ExistingFile);
  app.add_option("--speakers", arguments.speakers, "file with the speakers to look at")->required()->check(CLI::ExistingFile);
  app.add_option("--out", arguments.out, "the file to write")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    return speechcoach::train::Run(arguments);
  } catch (const std::exception& fault) {
    fmt::print(stderr, "speechcoach-hint-candidates: {}\n", fault.what());
    return 1;
  }
}
