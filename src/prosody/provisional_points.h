// Level and pitch as they are told before the end.
#pragma once

#include <cstddef>
#include <vector>

#include "prosody/prosody_analysis.h"

namespace speechcoach::prosody {

// What is shown before the whole recording is known; the final figures may differ.
struct ProvisionalPoint {
  double time_s = 0.0;
  double f0_hz = 0.0;  // 0 where unvoiced
  double level_dbfs = 0.0;
};

// The points after the first `told`, 20 ms apart, up to 100 ms before the end of what `analysis` has worked on; counts them.
std::vector<ProvisionalPoint> NewPoints(const ProsodyAnalysis& analysis, std::size_t& told);

}  // namespace speechcoach::prosody
