// The two loudness figures of the report.
#pragma once

#include <vector>

#include "model/prosody_report.h"

namespace speechcoach::prosody {

// `levels_dbfs`: of the voiced frames; of the sounding ones where nothing is voiced (whisper) or no pitch is known. The mean
// is mapped from [-60, 0] dBFS to [0, 1]; the dynamic range is the distance of the 5th from the 95th percentile over
// 60 dB. Both are 0 without levels. Without a contour.
model::Energy LevelsToEnergy(const std::vector<double>& levels_dbfs);

}  // namespace speechcoach::prosody
