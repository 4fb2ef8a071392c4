#include "cli/analyze.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "json/model_json.h"
#include "model/user_message.h"

namespace speechcoach::cli {
namespace {

// One byte over the limit is read, so that the decoder sees and says that the file is too large without the rest of it.
base::Result<std::vector<std::uint8_t>> ReadFile(const std::string& path, std::int64_t max_bytes) {
  std::error_code fault;
  if (std::filesystem::is_directory(path, fault)) return {base::ErrorCode::kNotFound, fmt::format("{} is a directory", path)};
  std::ifstream file(path, std::ios::binary);
  if (!file) return {base::ErrorCode::kNotFound, fmt::format("{} cannot be opened", path)};
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(max_bytes) + 1);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

// The format that a file's name promises; empty where it promises none, then the content decides.
std::string FormatOfName(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (extension == ".wav") return "wav";
  if (extension == ".mp3") return "mp3";
  if (extension == ".m4a" || extension == ".mp4") return "m4a";
  if (extension == ".flac") return "flac";
  if (extension == ".ogg" || extension == ".oga" || extension == ".opus") return "ogg_opus";
  if (extension == ".webm") return "webm_opus";
  return {};
}

ExitCode Report(const base::Error& error, model::Locale locale) {
  fmt::print(stderr, "speechcoach: {}\n  ({}: {})\n", model::UserMessage(error.code, locale), base::ErrorCodeName(error.code), error.message);
  switch (error.code) {
    case base::ErrorCode::kUnsupportedFormat:
    case base::ErrorCode::kFormatMismatch:
    case base::ErrorCode::kAudioTooLong:
    case base::ErrorCode::kAudioTooLarge:
    case base::ErrorCode::kAudioUnreadable:
    case base::ErrorCode::kNoSpeech: return ExitCode::kBadAudio;
    case base::ErrorCode::kNotFound: return ExitCode::kUsage;
    default: return ExitCode::kFailed;
  }
}

std::string_view StageLabel(model::Stage stage, model::Locale locale) {
  const bool vi = locale == model::Locale::kVi;
  switch (stage) {
    case model::Stage::kListening: return vi ? "Đang nghe" : "Listening";
    case model::Stage::kTranscribing: return vi ? "Đang chép lại lời nói" : "Transcribing";
    case model::Stage::kProsody: return vi ? "Đang phân tích ngữ điệu" : "Analysing prosody";
    case model::Stage::kScoring: return vi ? "Đang chấm điểm" : "Scoring";
    case model::Stage::kFeedback: break;
  }
  return vi ? "Đang viết nhận xét" : "Writing feedback";
}

}  // namespace

ExitCode RunAnalyze(const AnalyzeCommand& command, const base::Config& config, audio::AudioDecoder& decoder, const pipeline::Stages& stages) {
  const model::Locale locale = model::LocaleFromName(config.locale).value_or(model::Locale::kVi);
  const auto bytes = ReadFile(command.file, config.audio.max_bytes);
  if (!bytes.ok()) {
    fmt::print(stderr, "speechcoach: {}\n", bytes.error().message);
    return ExitCode::kUsage;
  }
  const base::Stopwatch decode_watch;
  const auto clip = decoder.Decode(*bytes, FormatOfName(command.file));
  if (!clip.ok()) return Report(clip.error(), locale);

  pipeline::AnalysisRequest request;
  request.mode = command.reference_text.empty() ? model::Mode::kConversation : model::Mode::kSentencePractice;
  request.locale = locale;
  request.reference_text = command.reference_text;
  request.decode_ms = decode_watch.ElapsedMs();
  const auto analysis = [&] {
    ProgressBar bar;
    pipeline::AnalysisObserver observer;
    observer.on_progress = [&](int percent, model::Stage stage) { bar.Show(percent, StageLabel(stage, locale)); };
    return pipeline::AnalyseRecording(*clip, request, stages, observer);
  }();
  if (!analysis.ok()) return Report(analysis.error(), locale);

  if (command.as_json) {
    fmt::print("{}\n", boost::json::serialize(json::ToJson(*analysis)));
  } else {
    fmt::print("{}", FormatReport(*analysis, {locale, HasColours(stdout), command.reference_text}));
  }
  return analysis->failures.empty() ? ExitCode::kOk : ExitCode::kDegraded;
}

}  // namespace speechcoach::cli
