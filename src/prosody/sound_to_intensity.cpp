#include "prosody/sound_to_intensity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "model/audio_clip.h"

namespace speechcoach::prosody {
namespace {

constexpr double kRateHz = model::kSampleRateHz;

// Odd size, so that the middle is a sample.
std::vector<float> KaiserWindow(double window_s) {
  constexpr double kBeta = 2.0 * std::numbers::pi * std::numbers::pi + 0.5;
  const auto half = static_cast<std::size_t>(window_s * kRateHz / 2.0);
  std::vector<float> window(2 * half + 1);
  for (std::size_t i = 0; i < window.size(); ++i) {
    const double x = (static_cast<double>(i) - static_cast<double>(half)) / (window_s * kRateHz / 2.0);
    window[i] = static_cast<float>(std::cyl_bessel_i(0.0, kBeta * std::sqrt(std::max(0.0, 1.0 - x * x))) /
                                   std::cyl_bessel_i(0.0, kBeta));
  }
  return window;
}

// Sums of weight, weight * sample and weight * sample^2. Lanes as in lag_peaks.cpp: fixed order, vector instructions.
struct WeightedSums {
  double weight = 0.0;
  double sample = 0.0;
  double square = 0.0;
};

WeightedSums Sum(std::span<const float> weights, std::span<const float> samples) {
  constexpr std::size_t kLanes = 8;
  std::array<float, kLanes> weight{};
  std::array<float, kLanes> first{};
  std::array<float, kLanes> second{};
  std::size_t i = 0;
  for (; i + kLanes <= samples.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float weighted = weights[i + lane] * samples[i + lane];
      weight[lane] += weights[i + lane];
      first[lane] += weighted;
      second[lane] += weighted * samples[i + lane];
    }
  }
  WeightedSums sums;
  for (; i < samples.size(); ++i) {
    const double weighted = static_cast<double>(weights[i]) * samples[i];
    sums.weight += weights[i];
    sums.sample += weighted;
    sums.square += weighted * samples[i];
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    sums.weight += weight[lane];
    sums.sample += first[lane];
    sums.square += second[lane];
  }
  return sums;
}

}  // namespace

Intensity SoundToIntensity(std::span<const float> samples, const IntensityParameters& parameters) {
  const double window_s = 6.4 / parameters.minimum_pitch_hz;
  const double time_step_s = parameters.time_step_s > 0.0 ? parameters.time_step_s : 0.8 / parameters.minimum_pitch_hz;
  Intensity intensity;
  intensity.grid = FrameGrid::Centred(static_cast<double>(samples.size()) / kRateHz, window_s, time_step_s);
  if (intensity.grid.count == 0 && !samples.empty()) intensity.grid.count = 1;

  const std::vector<float> window = KaiserWindow(window_s);
  const auto half = static_cast<std::ptrdiff_t>(window.size() / 2);
  intensity.level_dbfs.reserve(intensity.grid.count);
  for (std::size_t i = 0; i < intensity.grid.count; ++i) {
    const auto middle = static_cast<std::ptrdiff_t>(std::lround(intensity.grid.TimeOf(i) * kRateHz - 0.5));
    const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(0, middle - half);
    const std::ptrdiff_t end = std::min(static_cast<std::ptrdiff_t>(samples.size()), middle + half + 1);
    const auto size = static_cast<std::size_t>(end - begin);
    const WeightedSums sums = Sum(std::span(window).subspan(static_cast<std::size_t>(begin - (middle - half)), size),
                                  samples.subspan(static_cast<std::size_t>(begin), size));
    const double mean = parameters.subtract_mean ? sums.sample / sums.weight : 0.0;
    const double mean_square = sums.square / sums.weight - mean * mean;
    intensity.level_dbfs.push_back(mean_square > 1e-20 ? 10.0 * std::log10(mean_square) : kNoSoundDbfs);
  }
  return intensity;
}

}  // namespace speechcoach::prosody
