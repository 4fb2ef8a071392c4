// RIFF/WAVE and raw PCM, read and written in-process.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/audio_clip.h"

namespace speechcoach::audio {

// PCM 8/16/24/32-bit and 32/64-bit float, 1-8 channels (mixed down), 8-96 kHz (resampled). A data chunk shorter than its
// header says is read as far as it goes and marked truncated; one of size 0 or of a streaming writer's "unknown" size
// reaches to the end. Reads at most what is in `bytes`, whatever its headers claim.
// Errors: kAudioUnreadable, kUnsupportedFormat, kAudioTooLong (more than `max_seconds`; found before any work is done).
base::Result<model::AudioClip> DecodeWav(std::span<const std::uint8_t> bytes,
                                         double max_seconds = std::numeric_limits<double>::infinity());

// 16-bit PCM WAV, mono. `samples` in [-1, 1] at `sample_rate_hz`; louder ones are clipped.
std::vector<std::uint8_t> EncodeWav(std::span<const float> samples, int sample_rate_hz);

}  // namespace speechcoach::audio
