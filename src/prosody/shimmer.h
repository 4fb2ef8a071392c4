// How much the amplitude of the voice's periods varies from one to the next (Praat manual, "Voice 3. Shimmer").
#pragma once

#include <optional>
#include <span>

#include "prosody/point_process.h"

namespace speechcoach::prosody {

// Fractions of the mean amplitude; each absent where too few consecutive periods are there.
struct Shimmer {
  std::optional<double> local;  // mean |difference| of neighbours
  std::optional<double> apq3;   // of each amplitude from the mean of it and its two neighbours
  std::optional<double> apq5;   // ... its four neighbours
};

// Name and default as in Praat: amplitudes that differ by more are not neighbours.
inline constexpr double kMaximumAmplitudeFactor = 1.6;

// A period's amplitude is the root mean square round its pulse, under a Hanning window that reaches 0.2 periods to
// either side. `samples` at model::kSampleRateHz; `pulses` in seconds, rising.
Shimmer SoundAndPulsesToShimmer(std::span<const float> samples, std::span<const double> pulses, const PeriodLimits& limits);

}  // namespace speechcoach::prosody
