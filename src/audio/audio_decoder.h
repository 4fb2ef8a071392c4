// Any recording a browser or a phone makes -> 16 kHz mono float.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/config.h"
#include "base/result.h"
#include "model/audio_clip.h"

namespace speechcoach::audio {

// So much longer than allowed a recording may be for a codec's padding.
inline constexpr double kPaddingToleranceS = 0.5;

// Thread-safe.
class AudioDecoder {
 public:
  virtual ~AudioDecoder() = default;

  // `format` is what the sender says it is ("wav", "webm_opus", "ogg_opus", "mp3", "m4a", "flac"), or empty: the content
  // decides. Blocks until done; never call it on an I/O thread.
  // Errors: kAudioUnreadable (empty, damaged beyond use, no audio in it), kUnsupportedFormat, kFormatMismatch,
  // kAudioTooLarge, kAudioTooLong, kBusy (no decoder free in time), kTimeout, kInternal.
  virtual base::Result<model::AudioClip> Decode(std::span<const std::uint8_t> bytes, std::string_view format) = 0;
};

// The container by its first bytes, as named above; empty where it is none that is known.
std::string_view SniffFormat(std::span<const std::uint8_t> bytes);

}  // namespace speechcoach::audio
