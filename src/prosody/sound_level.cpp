#include "prosody/sound_level.h"

#include <algorithm>
#include <cmath>

#include "prosody/vector_sums.h"

namespace speechcoach::prosody {

namespace {

std::span<const float> Around(std::span<const float> samples, std::size_t middle, std::size_t reach) {
  const std::size_t end = std::min(middle + reach, samples.size());
  const std::size_t begin = std::min(middle - std::min(middle, reach), end);
  return samples.subspan(begin, end - begin);
}

float MeanOf(std::span<const float> samples) {
  return samples.empty() ? 0.0F : Sum(samples.data(), samples.size()) / static_cast<float>(samples.size());
}

}  // namespace

float MeanAround(std::span<const float> samples, std::size_t middle, std::size_t reach) {
  return MeanOf(Around(samples, middle, reach));
}

float LargestAround(std::span<const float> samples, std::size_t middle, std::size_t reach, float mean) {
  const std::span<const float> around = Around(samples, middle, reach);
  return LargestDistance(around.data(), mean, around.size());
}

double LargestDeviation(std::span<const float> samples) {
  return LargestDistance(samples.data(), MeanOf(samples), samples.size());
}

double UnvoicedStrength(double local_peak, double global_peak, double silence_threshold, double voicing_threshold) {
  if (!(global_peak > 0.0)) return voicing_threshold + 2.0;
  const double loudness = local_peak / global_peak * (1.0 + voicing_threshold) / silence_threshold;
  return voicing_threshold + std::max(0.0, 2.0 - loudness);
}

}  // namespace speechcoach::prosody
