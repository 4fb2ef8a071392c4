// How much the length of the voice's periods varies from one to the next (Praat manual, "Voice 2. Jitter").
#pragma once

#include <optional>
#include <span>

#include "prosody/point_process.h"

namespace speechcoach::prosody {

// Fractions of the mean period; each absent where too few consecutive periods are there.
struct Jitter {
  std::optional<double> local;  // mean |difference| of neighbours
  std::optional<double> rap;    // of each period from the mean of it and its two neighbours
  std::optional<double> ppq5;   // ... its four neighbours
};

// `pulses`: times in seconds, rising.
Jitter PulsesToJitter(std::span<const double> pulses, const PeriodLimits& limits);

}  // namespace speechcoach::prosody
