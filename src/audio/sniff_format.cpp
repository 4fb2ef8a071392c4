#include <algorithm>
#include <array>
#include <cstddef>

#include "audio/audio_decoder.h"

namespace speechcoach::audio {
namespace {

using Bytes = std::span<const std::uint8_t>;

bool HasAt(Bytes bytes, std::size_t offset, std::string_view magic) {
  if (bytes.size() < offset + magic.size()) return false;
  return std::equal(magic.begin(), magic.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset),
                    [](char expected, std::uint8_t actual) { return static_cast<std::uint8_t>(expected) == actual; });
}

// The length of the MPEG layer III frame whose header stands at the beginning, 0 where none does (ISO/IEC 11172-3, 2.4.1.3).
std::size_t Mp3FrameBytes(Bytes bytes) {
  if (bytes.size() < 4 || bytes[0] != 0xFF || (bytes[1] & 0xE0) != 0xE0) return 0;
  const int version = (bytes[1] >> 3) & 3;  // 0: MPEG 2.5, 2: MPEG 2, 3: MPEG 1
  const int layer = (bytes[1] >> 1) & 3;    // 1: layer III
  const std::size_t bitrate_index = bytes[2] >> 4;
  const std::size_t rate_index = (bytes[2] >> 2) & 3;
  if (version == 1 || layer != 1 || bitrate_index == 0 || bitrate_index == 15 || rate_index == 3) return 0;
  constexpr std::array<std::size_t, 15> kMpeg1Kbps = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
  constexpr std::array<std::size_t, 15> kMpeg2Kbps = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
  constexpr std::array<std::size_t, 3> kMpeg1Hz = {44'100, 48'000, 32'000};
  const bool is_mpeg1 = version == 3;
  const std::size_t rate_hz = kMpeg1Hz[rate_index] / (is_mpeg1 ? 1 : version == 2 ? 2 : 4);
  const std::size_t bits_per_second = 1000 * (is_mpeg1 ? kMpeg1Kbps : kMpeg2Kbps)[bitrate_index];
  const std::size_t padding = (bytes[2] >> 1) & 1;
  return (is_mpeg1 ? 144 : 72) * bits_per_second / rate_hz + padding;
}

// Two bytes of sync are easily there by chance, so a second frame must follow where there is room for one.
bool StartsWithMp3Frames(Bytes bytes) {
  const std::size_t length = Mp3FrameBytes(bytes);
  if (length == 0) return false;
  return bytes.size() < length + 4 || Mp3FrameBytes(bytes.subspan(length)) != 0;
}

// What follows an ID3v2 tag (id3.org, "ID3v2.4.0 main structure", 3.1): some encoders put one before FLAC too.
Bytes SkipId3(Bytes bytes) {
  if (bytes.size() < 10) return {};
  const std::size_t body = (std::size_t{bytes[6]} & 0x7F) << 21 | (std::size_t{bytes[7]} & 0x7F) << 14 |
                           (std::size_t{bytes[8]} & 0x7F) << 7 | (std::size_t{bytes[9]} & 0x7F);
  return bytes.subspan(std::min(bytes.size(), 10 + body));
}

}  // namespace

std::string_view SniffFormat(Bytes bytes) {
  if (HasAt(bytes, 0, "RIFF") && HasAt(bytes, 8, "WAVE")) return "wav";
  if (HasAt(bytes, 0, "\x1A\x45\xDF\xA3")) return "webm_opus";
  if (HasAt(bytes, 0, "OggS")) return "ogg_opus";
  if (HasAt(bytes, 0, "fLaC")) return "flac";
  if (HasAt(bytes, 4, "ftyp")) return "m4a";
  if (HasAt(bytes, 0, "ID3")) return HasAt(SkipId3(bytes), 0, "fLaC") ? "flac" : "mp3";
  if (StartsWithMp3Frames(bytes)) return "mp3";
  return {};
}

}  // namespace speechcoach::audio
