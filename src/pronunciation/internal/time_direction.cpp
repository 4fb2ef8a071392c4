#include "pronunciation/internal/time_direction.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "pronunciation/internal/statistics.h"

namespace speechcoach::pronunciation {
namespace {

constexpr std::size_t kHopSamples = model::kSampleRateHz / 100;
constexpr std::size_t kStepHops = 2;
// What is so far below the loudest moment is the room's, not the voice's.
constexpr double kRangeDb = 40.0;
constexpr double kSilentPower = 1e-7;

// Every 10 ms, over the 20 ms that end there.
std::vector<double> LevelsDb(const model::AudioClip& clip) {
  std::vector<double> levels;
  double before = 0.0;
  for (std::size_t i = 0; i + kHopSamples <= clip.samples.size(); i += kHopSamples) {
    double energy = 0.0;
    for (std::size_t k = i; k < i + kHopSamples; ++k) energy += static_cast<double>(clip.samples[k]) * clip.samples[k];
    levels.push_back(10.0 * std::log10((before + energy) / (2.0 * kHopSamples) + kSilentPower));
    before = energy;
  }
  const double quietest = Highest(levels) - kRangeDb;
  for (double& level : levels) level = std::max(level, quietest);
  return levels;
}

}  // namespace

double OnsetSkewness(const model::AudioClip& clip) {
  const std::vector<double> levels = LevelsDb(clip);
  std::vector<double> steps;
  for (std::size_t i = kStepHops; i < levels.size(); ++i) steps.push_back(levels[i] - levels[i - kStepHops]);
  const double mean = Mean(steps);
  const double deviation = Deviation(steps);
  double cubes = 0.0;
  for (const double step : steps) cubes += std::pow(step - mean, 3);
  return deviation > 0.0 ? cubes / static_cast<double>(steps.size()) / std::pow(deviation, 3) : 0.0;
}

}  // namespace speechcoach::pronunciation
