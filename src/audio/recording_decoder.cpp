#include "audio/recording_decoder.h"

#include <chrono>
#include <cmath>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "audio/decode_pool.h"
#include "audio/wav.h"
#include "base/log.h"

namespace speechcoach::audio {
namespace {

using base::ErrorCode;
using decode_protocol::Container;

std::optional<Container> ContainerOf(std::string_view format) {
  if (format == "webm_opus") return Container::kWebm;
  if (format == "ogg_opus") return Container::kOgg;
  if (format == "mp3") return Container::kMp3;
  if (format == "m4a") return Container::kM4a;
  if (format == "flac") return Container::kFlac;
  return std::nullopt;
}

bool IsKnownFormat(std::string_view format) { return format == "wav" || ContainerOf(format).has_value(); }

Deadline After(int milliseconds) { return std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds); }

class RecordingDecoder final : public AudioDecoder {
 public:
  RecordingDecoder(const base::AudioConfig& config, std::filesystem::path program)
      : config_(config), pool_(config, std::move(program)) {}

  base::Result<model::AudioClip> Decode(std::span<const std::uint8_t> bytes, std::string_view format) override {
    if (bytes.empty()) return {ErrorCode::kAudioUnreadable, "the recording is empty"};
    if (static_cast<std::int64_t>(bytes.size()) > config_.max_bytes) {
      return {ErrorCode::kAudioTooLarge, fmt::format("{} bytes are more than the {} allowed", bytes.size(), config_.max_bytes)};
    }
    if (!format.empty() && !IsKnownFormat(format)) return {ErrorCode::kUnsupportedFormat, "the declared format is not supported"};
    const std::string_view found = SniffFormat(bytes);
    if (!format.empty() && found != format) {
      return {ErrorCode::kFormatMismatch,
              fmt::format("declared {}, but the content is {}", format, found.empty() ? "no known audio" : found)};
    }
    if (found.empty()) return {ErrorCode::kUnsupportedFormat, "the content is no known audio format"};

    const double max_seconds = config_.max_seconds + kPaddingToleranceS;
    auto clip = found == "wav" ? DecodeWav(bytes, max_seconds) : DecodeConfined(bytes, *ContainerOf(found), max_seconds);
    if (clip.ok() && clip->samples.empty()) return {ErrorCode::kAudioUnreadable, "there is no audio in the recording"};
    return clip;
  }

 private:
  base::Result<model::AudioClip> DecodeConfined(std::span<const std::uint8_t> bytes, Container container, double max_seconds) {
    auto worker = pool_.Acquire(After(config_.decode_timeout_ms));
    if (!worker.ok()) {
      base::Log(base::LogLevel::kWarning, "no decoder process", {{"reason", worker.error().message}});
      return worker.error();
    }
    const auto max_samples = static_cast<std::size_t>(std::llround(max_seconds * model::kSampleRateHz));
    auto clip = (*worker)->Decode(bytes, container, max_samples, After(config_.decode_timeout_ms));
    if ((*worker)->is_broken() && !clip.ok()) {
      base::Log(base::LogLevel::kWarning, "decoder process replaced",
                {{"reason", clip.error().message}, {"bytes", bytes.size()}});
    }
    return clip;
  }

  const base::AudioConfig config_;
  DecodePool pool_;
};

}  // namespace

std::unique_ptr<AudioDecoder> MakeRecordingDecoder(const base::AudioConfig& config, std::filesystem::path decode_program) {
  return std::make_unique<RecordingDecoder>(config, std::move(decode_program));
}

base::Status CheckDecodeProgram(const base::AudioConfig& config, const std::filesystem::path& decode_program) {
  auto worker = DecodeWorker::Start(config, decode_program);
  if (!worker.ok()) return worker.error();
  return (*worker)->WaitUntilReady(After(config.decode_timeout_ms));
}

}  // namespace speechcoach::audio
