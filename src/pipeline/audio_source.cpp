#include "pipeline/audio_source.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "audio/wav.h"
#include "model/name_table.h"

namespace speechcoach::pipeline {
namespace {

static_assert(std::endian::native == std::endian::little, "samples are kept as they come");

constexpr model::NameTable<StreamFormat, 4> kFormats{{
    {StreamFormat::kPcmS16, "pcm_s16le"},
    {StreamFormat::kPcmF32, "pcm_f32le"},
    {StreamFormat::kWebmOpus, "webm_opus"},
    {StreamFormat::kOggOpus, "ogg_opus"},
}};

}  // namespace

std::string_view Name(StreamFormat format) { return model::NameIn(kFormats, format); }
std::optional<StreamFormat> StreamFormatFromName(std::string_view name) { return model::ValueIn(kFormats, name); }

std::string ToHeader(const AudioSource& source) { return fmt::format("{} {}", Name(source.format), source.sample_rate_hz); }

std::optional<AudioSource> SourceFromHeader(std::string_view header) {
  const std::size_t space = header.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto format = StreamFormatFromName(header.substr(0, space));
  const std::string_view rate = header.substr(space + 1);
  AudioSource source;
  const auto [end, fault] = std::from_chars(rate.data(), rate.data() + rate.size(), source.sample_rate_hz);
  if (!format || fault != std::errc{} || end != rate.data() + rate.size()) return std::nullopt;
  source.format = *format;
  return source;
}

std::vector<float> ToSamples(const AudioSource& source, std::span<const std::uint8_t> pcm) {
  std::vector<float> samples(pcm.size() / source.sample_bytes());
  if (source.format == StreamFormat::kPcmF32) {
    std::memcpy(samples.data(), pcm.data(), samples.size() * sizeof(float));
    for (float& sample : samples) sample = std::isfinite(sample) ? std::clamp(sample, -1.0f, 1.0f) : 0.0f;
    return samples;
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    std::int16_t sample = 0;
    std::memcpy(&sample, pcm.data() + 2 * i, 2);
    samples[i] = static_cast<float>(sample) / 32768.0f;
  }
  return samples;
}

Recording ToRecording(const AudioSource& source, std::vector<std::uint8_t> bytes) {
  if (!source.is_pcm()) return {std::string(Name(source.format)), std::move(bytes)};
  return {"wav", audio::EncodeWav(ToSamples(source, bytes), source.sample_rate_hz)};
}

}  // namespace speechcoach::pipeline
