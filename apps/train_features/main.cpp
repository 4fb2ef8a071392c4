// speechcoach-train-features: what the speech model makes of many recordings, for the training programs under tools/train.
//
// Reads lines of utterance <tab> path <tab> reference text. Writes into a folder:
//   features.f16      encoder rows of all recordings one after another, 16-bit floats, row-major
//   index.tsv         utterance, offset_s, first_row, rows, dim
//   transcripts.jsonl a line a recording: {utterance, text, confidence, words, reference: [{text, tokens: [[log_probability,
//                     best_log_probability, entropy], ...]}, ...], end: [of the end token]}
// Configuration as speechcoach's, from the environment: SPEECHCOACH_STT__MODEL_DIR, SPEECHCOACH_STT__THREADS.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <ggml.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "audio/recording_decoder.h"
#include "base/config.h"
#include "base/log.h"
#include "base/result.h"
#include "json/model_json.h"
#include "stt/make_transcriber.h"
#include "stt/speech_encoder.h"

namespace speechcoach::train {
namespace {

struct Recording {
  std::string utterance;
  std::string path;
  std::string text;
};

struct Heard {
  model::Transcript transcript;
  model::SpeechEvidence evidence;
};

std::vector<Recording> ReadList(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<Recording> recordings;
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find('\t');
    const std::size_t second = first == std::string::npos ? first : line.find('\t', first + 1);
    if (second == std::string::npos) continue;
    recordings.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1), line.substr(second + 1)});
  }
  return recordings;
}

std::vector<std::uint8_t> ReadBytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

base::Result<Heard> Hear(audio::AudioDecoder& decoder, stt::Transcriber& transcriber, const Recording& recording) {
  const auto clip = decoder.Decode(ReadBytes(recording.path), "");
  if (!clip.ok()) return clip.error();
  Heard heard;
  stt::TranscribeOptions options;
  options.on_evidence = [&](model::SpeechEvidence evidence) { heard.evidence = std::move(evidence); };
  options.reference_text = recording.text;
  auto transcript = transcriber.Transcribe(*clip, options);
  if (!transcript.ok()) return transcript.error();
  heard.transcript = std::move(*transcript);
  return heard;
}

boost::json::array Numbers(const model::TokenScore& score) {
  return {score.log_probability, score.best_log_probability, score.entropy};
}

std::string Line(const Recording& recording, const Heard& heard) {
  boost::json::array reference;
  for (const model::WordScore& word : heard.evidence.text.words) {
    boost::json::array tokens;
    for (const model::TokenScore& token : word.tokens) tokens.push_back(Numbers(token));
    reference.push_back(boost::json::object{{"text", word.text}, {"tokens", std::move(tokens)}});
  }
  return boost::json::serialize(boost::json::object{{"utterance", recording.utterance},
                                                    {"text", heard.transcript.text},
                                                    {"confidence", heard.transcript.confidence},
                                                    {"words", json::ToJson(heard.transcript.words)},
                                                    {"reference", std::move(reference)},
                                                    {"end", Numbers(heard.evidence.text.end)}});
}

class Output {
 public:
  explicit Output(const std::filesystem::path& folder)
      : features_(folder / "features.f16", std::ios::binary),
        index_(folder / "index.tsv"),
        transcripts_(folder / "transcripts.jsonl") {
    index_ << "utterance\toffset_s\tfirst_row\trows\tdim\n";
  }

  void Add(const Recording& recording, const Heard& heard) {
    const model::EncoderFeatures& features = heard.evidence.features;
    halves_.resize(features.values.size());
    ggml_fp32_to_fp16_row(features.values.data(), halves_.data(), static_cast<std::int64_t>(halves_.size()));
    features_.write(reinterpret_cast<const char*>(halves_.data()),
                    static_cast<std::streamsize>(halves_.size() * sizeof(ggml_fp16_t)));
    index_ << fmt::format("{}\t{:.2f}\t{}\t{}\t{}\n", recording.utterance, features.offset_s, rows_, features.frames,
                          features.dim);
    transcripts_ << Line(recording, heard) << '\n';
    rows_ += features.frames;
  }

  bool ok() { return features_.flush().good() && index_.flush().good() && transcripts_.flush().good(); }

 private:
  std::ofstream features_;
  std::ofstream index_;
  std::ofstream transcripts_;
  std::vector<ggml_fp16_t> halves_;
  std::size_t rows_ = 0;
};

int Run(const std::filesystem::path& list, const std::filesystem::path& folder) {
  base::SetUpLogging({"warning", "text"});
  auto config =
      base::LoadConfig({{}, base::EnvironmentVariables(), {{"stt.model", stt::kEvidenceModel}, {"stt.fallback_model", ""}}});
  if (!config.ok()) {
    fmt::print(stderr, "{}\n", config.error().message);
    return 2;
  }
  const std::filesystem::path program_dir = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const auto decoder = audio::MakeRecordingDecoder(config->audio, program_dir / "speechcoach-decode");
  const auto transcriber = stt::MakeTranscriber(*config, program_dir);
  if (!transcriber.ok()) {
    fmt::print(stderr, "{}\n", transcriber.error().message);
    return 1;
  }
  const std::vector<Recording> recordings = ReadList(list);
  std::filesystem::create_directories(folder);
  Output output(folder);
  std::size_t failed = 0;
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    const auto heard = Hear(*decoder, **transcriber, recordings[i]);
    if (heard.ok()) output.Add(recordings[i], *heard);
    if (!heard.ok()) {
      ++failed;
      fmt::print(stderr, "{}: {}\n", recordings[i].utterance, heard.error().message);
    }
    if ((i + 1) % 100 == 0) fmt::print(stderr, "{} of {}\n", i + 1, recordings.size());
  }
  fmt::print(stderr, "{} recordings, {} failed\n", recordings.size(), failed);
  return failed == 0 && output.ok() && !recordings.empty() ? 0 : 1;
}

}  // namespace
}  // namespace speechcoach::train

int main(int argc, char** argv) {
  CLI::App app("Writes the speech model's view of many recordings, for training");
  std::string list;
  std::string folder;
  app.add_option("list", list, "utterance <tab> path <tab> reference text")->required()->check(CLI::ExistingFile);
  app.add_option("folder", folder, "where the results go")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    return speechcoach::train::Run(list, folder);
  } catch (const std::exception& fault) {
    fmt::print(stderr, "speechcoach-train-features: {}\n", fault.what());
    return 1;
  }
}
