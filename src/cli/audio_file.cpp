#include "cli/audio_file.h"

#include <cctype>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include <fmt/format.h>

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

}  // namespace

base::Result<model::AudioClip> ReadAudioFile(const std::string& path, const base::Config& config, audio::AudioDecoder& decoder) {
  const auto bytes = ReadFile(path, config.audio.max_bytes);
  if (!bytes.ok()) return bytes.error();
  return decoder.Decode(*bytes, FormatOfName(path));
}

ExitCode ComplainOfAudio(const base::Error& error, model::Locale locale) {
  if (error.code == base::ErrorCode::kNotFound) {
    fmt::print(stderr, "speechcoach: {}\n", error.message);
    return ExitCode::kUsage;
  }
  fmt::print(stderr, "speechcoach: {}\n  ({}: {})\n", model::UserMessage(error.code, locale), base::ErrorCodeName(error.code),
             error.message);
  switch (error.code) {
    case base::ErrorCode::kUnsupportedFormat:
    case base::ErrorCode::kFormatMismatch:
    case base::ErrorCode::kAudioTooLong:
    case base::ErrorCode::kAudioTooLarge:
    case base::ErrorCode::kAudioUnreadable:
    case base::ErrorCode::kNoSpeech:
      return ExitCode::kBadAudio;
    default:
      return ExitCode::kFailed;
  }
}

}  // namespace speechcoach::cli
