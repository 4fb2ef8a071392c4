// What every decoding path does to samples before they leave the room.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"

namespace speechcoach::audio {

// Puts every sample into [-1, 1]; NaN and infinities become 0.
void CleanSamples(std::span<float> samples);

// Band-limited resampling by the SoX resampler at its 20-bit quality (about 120 dB, 91 % of the band), linear phase, without
// delay; the answer has round(size * to / from) samples. Rates in Hz, positive. Errors: kInternal (rates too far apart).
base::Result<std::vector<float>> Resample(std::span<const float> samples, int from_hz, int to_hz);

}  // namespace speechcoach::audio
