#include "prosody/shimmer.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "prosody/perturbation.h"
#include "prosody/sample_time.h"
#include "prosody/statistics.h"

namespace speechcoach::prosody {
namespace {

constexpr double kReach = 0.2;  // of a period, to either side of the pulse

// Under a window that reaches `left_s` before and `right_s` after `pulse_s`.
double WindowedRms(std::span<const float> samples, double pulse_s, double left_s, double right_s) {
  const double last = static_cast<double>(samples.size()) - 1.0;
  const auto begin = static_cast<std::ptrdiff_t>(std::ceil(std::max(0.0, SampleAt(pulse_s - left_s))));
  const auto end = static_cast<std::ptrdiff_t>(std::floor(std::min(last, SampleAt(pulse_s + right_s))));
  double energy = 0.0;
  double weight = 0.0;
  // Away from the pulse on either side, the cosine by its recurrence.
  const auto add = [&](std::ptrdiff_t first, std::ptrdiff_t past, std::ptrdiff_t step, double reach_s) {
    const double turn = std::numbers::pi * kSamplePeriod_s / reach_s;
    const double start = std::numbers::pi * (TimeOfSample(static_cast<double>(first)) - pulse_s) / reach_s;
    const double twice = 2.0 * std::cos(turn);
    double cosine = std::cos(start);
    double before = std::cos(std::abs(start) - turn);
    for (std::ptrdiff_t i = first; i != past; i += step) {
      const double window = 0.5 + 0.5 * cosine;
      const double value = window * samples[static_cast<std::size_t>(i)];
      energy += value * value;
      weight += window * window;
      const double next = twice * cosine - before;
      before = cosine;
      cosine = next;
    }
  };
  const auto right = std::clamp(static_cast<std::ptrdiff_t>(std::ceil(SampleAt(pulse_s))), begin, end + 1);
  add(right - 1, begin - 1, -1, left_s);
  add(right, end + 1, 1, right_s);
  return weight > 0.0 ? std::sqrt(energy / weight) : 0.0;
}

}  // namespace

Shimmer SoundAndPulsesToShimmer(std::span<const float> samples, std::span<const double> pulses, const PeriodLimits& limits) {
  std::vector<double> times;
  std::vector<double> amplitudes;
  for (std::size_t i = 1; i + 1 < pulses.size(); ++i) {
    const double left_s = pulses[i] - pulses[i - 1];
    const double right_s = pulses[i + 1] - pulses[i];
    if (!AreNeighbours(left_s, right_s, limits)) continue;
    const double amplitude = WindowedRms(samples, pulses[i], kReach * left_s, kReach * right_s);
    if (!(amplitude > 0.0)) continue;
    times.push_back(pulses[i]);
    amplitudes.push_back(amplitude);
  }
  const auto neighbours = [&](std::size_t i) {
    const auto [low, high] = std::minmax(amplitudes[i], amplitudes[i + 1]);
    return IsPeriod(times[i + 1] - times[i], limits) && high <= kMaximumAmplitudeFactor * low;
  };
  const double mean = Mean(amplitudes);
  return {LocalPerturbation(amplitudes, mean, neighbours), PerturbationQuotient(amplitudes, 3, mean, neighbours),
          PerturbationQuotient(amplitudes, 5, mean, neighbours)};
}

}  // namespace speechcoach::prosody
