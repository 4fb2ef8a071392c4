#include "audio/wav.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstring>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "audio/audio_decoder.h"
#include "audio/samples.h"

namespace speechcoach::audio {
namespace {

using base::ErrorCode;
using Bytes = std::span<const std::uint8_t>;

constexpr std::uint16_t kPcm = 1;
constexpr std::uint16_t kFloat = 3;
constexpr std::uint16_t kExtensible = 0xFFFE;
constexpr std::size_t kChunkHeader = 8;
constexpr int kMaxChannels = 8;
constexpr std::uint32_t kMinRateHz = 8'000;
constexpr std::uint32_t kMaxRateHz = 96'000;
// Programs that write to a pipe cannot know the size; they put 0, 0xFFFFFFFF or something close to 2 GiB there.
constexpr std::uint32_t kStreamedSize = 0x7FFFF000;

template <std::integral Number>
Number ReadLittleEndian(const std::uint8_t* at) {
  std::make_unsigned_t<Number> value = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;) value = static_cast<decltype(value)>((value << 8) | at[i]);
  return static_cast<Number>(value);
}

struct Format {
  std::uint16_t tag = 0;
  int channels = 0;
  int rate_hz = 0;
  int bytes_per_sample = 0;
};

struct Chunks {
  std::optional<Format> format;
  std::optional<Bytes> data;
  bool truncated = false;
};

bool HasId(Bytes chunk, std::string_view id) { return std::memcmp(chunk.data(), id.data(), id.size()) == 0; }

base::Result<Format> ParseFormat(Bytes body) {
  if (body.size() < 16) return {ErrorCode::kAudioUnreadable, "wav: the format chunk is too short"};
  auto tag = ReadLittleEndian<std::uint16_t>(&body[0]);
  const auto channels = ReadLittleEndian<std::uint16_t>(&body[2]);
  const auto rate_hz = ReadLittleEndian<std::uint32_t>(&body[4]);
  const auto block_align = ReadLittleEndian<std::uint16_t>(&body[12]);
  const auto bits = ReadLittleEndian<std::uint16_t>(&body[14]);
  if (tag == kExtensible) {
    if (body.size() < 40) return {ErrorCode::kAudioUnreadable, "wav: the extensible format chunk is too short"};
    tag = ReadLittleEndian<std::uint16_t>(&body[24]);
  }
  const bool known =
      (tag == kPcm && (bits == 8 || bits == 16 || bits == 24 || bits == 32)) || (tag == kFloat && (bits == 32 || bits == 64));
  if (!known) return {ErrorCode::kUnsupportedFormat, fmt::format("wav: encoding {} with {} bits is not supported", tag, bits)};
  if (channels == 0 || channels > kMaxChannels)
    return {ErrorCode::kUnsupportedFormat, fmt::format("wav: {} channels are not supported", channels)};
  if (rate_hz < kMinRateHz || rate_hz > kMaxRateHz)
    return {ErrorCode::kUnsupportedFormat, fmt::format("wav: {} Hz is not supported", rate_hz)};
  if (block_align != channels * bits / 8) return {ErrorCode::kAudioUnreadable, "wav: the format chunk contradicts itself"};
  return Format{tag, channels, static_cast<int>(rate_hz), bits / 8};
}

base::Result<Chunks> FindChunks(Bytes bytes) {
  Chunks chunks;
  std::size_t at = 12;
  while (at + kChunkHeader <= bytes.size() && !chunks.data) {
    const Bytes chunk = bytes.subspan(at);
    const auto declared = ReadLittleEndian<std::uint32_t>(&chunk[4]);
    const std::size_t present = std::min<std::size_t>(declared, chunk.size() - kChunkHeader);
    if (HasId(chunk, "fmt ")) {
      const auto format = ParseFormat(chunk.subspan(kChunkHeader, present));
      if (!format.ok()) return format.error();
      chunks.format = *format;
    } else if (HasId(chunk, "data")) {
      const bool is_streamed = declared == 0 || declared >= kStreamedSize;
      chunks.data = is_streamed ? chunk.subspan(kChunkHeader) : chunk.subspan(kChunkHeader, present);
      chunks.truncated = !is_streamed && present < declared;
    }
    at += kChunkHeader + present + (declared % 2);  // chunks start on even offsets
  }
  return chunks;
}

float ReadSample(const std::uint8_t* at, const Format& format) {
  if (format.tag == kFloat) {
    const double value = format.bytes_per_sample == 4 ? std::bit_cast<float>(ReadLittleEndian<std::uint32_t>(at))
                                                      : std::bit_cast<double>(ReadLittleEndian<std::uint64_t>(at));
    return std::isfinite(value) ? static_cast<float>(std::clamp(value, -1.0, 1.0)) : 0.0f;
  }
  switch (format.bytes_per_sample) {
    case 1:
      return static_cast<float>(*at - 128) / 128.0f;  // 8-bit WAV is unsigned
    case 2:
      return static_cast<float>(ReadLittleEndian<std::int16_t>(at)) / 32768.0f;
    case 3:
      return static_cast<float>(static_cast<std::int8_t>(at[2]) * 65536 + ReadLittleEndian<std::uint16_t>(at)) / 8388608.0f;
    default:
      return static_cast<float>(ReadLittleEndian<std::int32_t>(at)) / 2147483648.0f;
  }
}

std::vector<float> MixDown(Bytes data, const Format& format) {
  const std::size_t frame_bytes = static_cast<std::size_t>(format.channels * format.bytes_per_sample);
  std::vector<float> mono(data.size() / frame_bytes);
  for (std::size_t i = 0; i < mono.size(); ++i) {
    const std::uint8_t* frame = data.data() + i * frame_bytes;
    float sum = 0.0f;
    for (int channel = 0; channel < format.channels; ++channel)
      sum += ReadSample(frame + channel * format.bytes_per_sample, format);
    mono[i] = sum / static_cast<float>(format.channels);
  }
  return mono;
}

void Append(std::vector<std::uint8_t>& bytes, std::string_view text) {
  for (const char letter : text) bytes.push_back(static_cast<std::uint8_t>(letter));
}

template <std::unsigned_integral Number>
void AppendLittleEndian(std::vector<std::uint8_t>& bytes, Number value) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

}  // namespace

base::Result<model::AudioClip> DecodeWav(Bytes bytes, double max_seconds) {
  if (SniffFormat(bytes) != "wav") return {ErrorCode::kAudioUnreadable, "wav: there is no RIFF/WAVE header"};
  const auto chunks = FindChunks(bytes);
  if (!chunks.ok()) return chunks.error();
  if (!chunks->format || !chunks->data) return {ErrorCode::kAudioUnreadable, "wav: the format or the data chunk is missing"};
  const Format& format = *chunks->format;

  const std::size_t frames = chunks->data->size() / static_cast<std::size_t>(format.channels * format.bytes_per_sample);
  if (frames == 0) return {ErrorCode::kAudioUnreadable, "wav: there is no audio in it"};
  if (static_cast<double>(frames) / format.rate_hz > max_seconds) {
    return {ErrorCode::kAudioTooLong, fmt::format("wav: longer than {:g} s", max_seconds)};
  }
  auto resampled = Resample(MixDown(*chunks->data, format), format.rate_hz, model::kSampleRateHz);
  if (!resampled.ok()) return resampled.error();
  if (resampled->empty()) return {ErrorCode::kAudioUnreadable, "wav: there is less than one sample in it"};
  CleanSamples(*resampled);
  return model::AudioClip{std::move(*resampled), chunks->truncated};
}

std::vector<std::uint8_t> EncodeWav(std::span<const float> samples, int sample_rate_hz) {
  constexpr std::uint16_t kBytesPerSample = 2;
  const auto data_size = static_cast<std::uint32_t>(samples.size() * kBytesPerSample);
  const auto rate = static_cast<std::uint32_t>(sample_rate_hz);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(44 + data_size);
  Append(bytes, "RIFF");
  AppendLittleEndian(bytes, 36 + data_size);
  Append(bytes, "WAVEfmt ");
  AppendLittleEndian(bytes, std::uint32_t{16});
  AppendLittleEndian(bytes, kPcm);
  AppendLittleEndian(bytes, std::uint16_t{1});
  AppendLittleEndian(bytes, rate);
  AppendLittleEndian(bytes, rate * kBytesPerSample);
  AppendLittleEndian(bytes, kBytesPerSample);
  AppendLittleEndian(bytes, std::uint16_t{8 * kBytesPerSample});
  Append(bytes, "data");
  AppendLittleEndian(bytes, data_size);
  for (const float sample : samples) {
    const float finite = std::isfinite(sample) ? sample : 0.0f;
    const auto value = static_cast<std::int16_t>(std::clamp(std::lround(finite * 32768.0f), -32768L, 32767L));
    AppendLittleEndian(bytes, static_cast<std::uint16_t>(value));
  }
  return bytes;
}

}  // namespace speechcoach::audio
