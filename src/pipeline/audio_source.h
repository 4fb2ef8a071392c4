// What a live recording is made of, chunk by chunk.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::pipeline {

enum class StreamFormat { kPcmS16, kPcmF32, kWebmOpus, kOggOpus };

struct AudioSource {
  StreamFormat format = StreamFormat::kPcmS16;
  int sample_rate_hz = 0;  // 0 for containers

  bool is_pcm() const { return format == StreamFormat::kPcmS16 || format == StreamFormat::kPcmF32; }
  std::size_t sample_bytes() const { return format == StreamFormat::kPcmF32 ? 4 : 2; }  // of PCM
  bool operator==(const AudioSource&) const = default;
};

// As the wire names them: "pcm_s16le", ...
std::string_view Name(StreamFormat format);
std::optional<StreamFormat> StreamFormatFromName(std::string_view name);

// What the spool keeps beside the chunks, and back.
std::string ToHeader(const AudioSource& source);
std::optional<AudioSource> SourceFromHeader(std::string_view header);

// PCM of whole samples as floats within -1..1; what is no number is silence.
std::vector<float> ToSamples(const AudioSource& source, std::span<const std::uint8_t> pcm);

struct Recording {
  std::string format;  // as audio::AudioDecoder names them; empty: the content decides
  std::vector<std::uint8_t> bytes;
};

// All chunks as one recording: PCM as a WAV of 16-bit samples at its own rate, a container as it is.
Recording ToRecording(const AudioSource& source, std::vector<std::uint8_t> bytes);

}  // namespace speechcoach::pipeline
