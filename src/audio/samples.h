// What every decoding path does to samples before they leave the room.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"

namespace speechcoach::audio {

// Puts every sample into [-1, 1]; NaN and infinities become 0.
void CleanSamples(std::span<float> samples);

// Band-limited resampling (a windowed sinc of 121 dB, 90 % bandwidth: J. O. Smith, "Digital Audio Resampling", as in
// libsamplerate), without delay; the answer has round(size * to / from) samples. Rates in 1..384000 Hz that differ by less
// than 256-fold. Errors: kInternal (a rate outside of that).
base::Result<std::vector<float>> Resample(std::span<const float> samples, int from_hz, int to_hz);

}  // namespace speechcoach::audio
