// speechcoach-bench-stt: transcribes WAV files one after another with one model, warm, for the benchmarks under bench/.
//
// Writes a line of JSON a recording: {path, seconds, wall_ms, cpu_ms, inference_ms, text, confidence, language, words}. cpu_ms counts all threads.
#include <chrono>
#include <cstdint>
#include <ctime>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "audio/wav.h"
#include "base/log.h"
#include "json/model_json.h"
#include "stt/internal/inference_clock.h"
#include "stt/model_store.h"
#include "stt/whisper_transcriber.h"

namespace speechcoach::bench {
namespace {

struct Options {
  std::string model;
  std::string list;
  base::SttConfig config;
  bool is_unguarded = false;
};

// Whoever measures on a shared machine is paused for minutes at times.
constexpr int kPatienceMs = 3'600'000;

double ProcessorMs() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

base::Result<model::AudioClip> ReadClip(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return audio::DecodeWav(std::vector<std::uint8_t>((std::istreambuf_iterator<char>(file)), {}));
}

int Fail(const base::Error& error) {
  fmt::print(stderr, "speechcoach-bench-stt: {}\n", error.message);
  return 1;
}

int Run(const Options& options) {
  base::SetUpLogging({"warning", "text"});
  const auto file = stt::FindModel(options.model, {});
  if (!file.ok()) return Fail(file.error());
  base::SttConfig config = options.config;
  config.time_limit_ms = kPatienceMs;
  const auto transcriber =
      stt::MakeWhisperTranscriber(config, *file, options.is_unguarded ? stt::Guards::kOff : stt::Guards::kOn);
  if (!transcriber.ok()) return Fail(transcriber.error());
  std::ifstream list(options.list);
  bool is_warm = false;
  for (std::string path; std::getline(list, path);) {
    const auto clip = ReadClip(path);
    if (!clip.ok()) return Fail(clip.error());
    if (!is_warm) static_cast<void>((*transcriber)->Transcribe(*clip, {}));
    is_warm = true;
    const double inference_s = stt::InferenceSeconds();
    const double processor_ms = ProcessorMs();
    const auto start = std::chrono::steady_clock::now();
    const auto transcript = (*transcriber)->Transcribe(*clip, {});
    const double wall_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    if (!transcript.ok()) return Fail(transcript.error());
    fmt::print("{}\n", boost::json::serialize(boost::json::object{{"path", path},
                                                                  {"seconds", clip->duration_s()},
                                                                  {"wall_ms", wall_ms},
                                                                  {"cpu_ms", ProcessorMs() - processor_ms},
                                                                  {"inference_ms", (stt::InferenceSeconds() - inference_s) * 1e3},
                                                                  {"text", transcript->text},
                                                                  {"confidence", transcript->confidence},
                                                                  {"language", transcript->language},
                                                                  {"words", json::ToJson(transcript->words)}}));
  }
  return 0;
}

}  // namespace
}  // namespace speechcoach::bench

int main(int argc, char** argv) {
  speechcoach::bench::Options options;
  CLI::App app("Transcribes recordings one after another");
  app.add_option("model", options.model, "a ggml file")->required()->check(CLI::ExistingFile);
  app.add_option("list", options.list, "a file of paths, one a line")->required()->check(CLI::ExistingFile);
  app.add_option("--threads", options.config.threads, "0: as the server chooses");
  app.add_flag("--unguarded", options.is_unguarded, "without the guards against texts that nobody said");
  CLI11_PARSE(app, argc, argv);
  try {
    return speechcoach::bench::Run(options);
  } catch (const std::exception& fault) {
    fmt::print(stderr, "speechcoach-bench-stt: {}\n", fault.what());
    return 1;
  }
}
