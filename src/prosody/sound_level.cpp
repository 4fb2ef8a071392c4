#include "prosody/sound_level.h"

#include <algorithm>
#include <cmath>

namespace speechcoach::prosody {

double LargestDeviation(std::span<const float> samples) {
  if (samples.empty()) return 0.0;
  double sum = 0.0;
  for (const float sample : samples) sum += sample;
  const auto mean = static_cast<float>(sum / static_cast<double>(samples.size()));
  float largest = 0.0F;
  for (const float sample : samples) largest = std::max(largest, std::abs(sample - mean));
  return largest;
}

double UnvoicedStrength(double local_peak, double global_peak, double silence_threshold, double voicing_threshold) {
  if (!(global_peak > 0.0)) return voicing_threshold + 2.0;
  const double loudness = local_peak / global_peak * (1.0 + voicing_threshold) / silence_threshold;
  return voicing_threshold + std::max(0.0, 2.0 - loudness);
}

}  // namespace speechcoach::prosody
