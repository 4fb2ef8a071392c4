#include "prosody/sound_to_intensity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "prosody/sample_time.h"

namespace speechcoach::prosody {
namespace {

// Odd size, so that the middle is a sample.
std::vector<float> KaiserWindow(double window_s) {
  constexpr double kBeta = 2.0 * std::numbers::pi * std::numbers::pi + 0.5;
  const auto half = static_cast<std::size_t>(window_s * kRateHz / 2.0);
  std::vector<float> window(2 * half + 1);
  for (std::size_t i = 0; i < window.size(); ++i) {
    const double x = (static_cast<double>(i) - static_cast<double>(half)) / (window_s * kRateHz / 2.0);
    window[i] =
        static_cast<float>(std::cyl_bessel_i(0.0, kBeta * std::sqrt(std::max(0.0, 1.0 - x * x))) / std::cyl_bessel_i(0.0, kBeta));
  }
  return window;
}

// Lanes as in lag_peaks.cpp: fixed order, vector instructions.
constexpr std::size_t kLanes = 8;

double MeanOf(std::span<const float> samples) {
  std::array<float, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= samples.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += samples[i + lane];
  }
  double sum = 0.0;
  for (; i < samples.size(); ++i) sum += samples[i];
  for (const float lane : lanes) sum += lane;
  return sum / static_cast<double>(samples.size());
}

// Of the squared distances from `mean`.
double WeightedMeanSquare(std::span<const float> weights, std::span<const float> samples, float mean) {
  std::array<float, kLanes> weight_lanes{};
  std::array<float, kLanes> square_lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= samples.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float distance = samples[i + lane] - mean;
      weight_lanes[lane] += weights[i + lane];
      square_lanes[lane] += weights[i + lane] * distance * distance;
    }
  }
  double weight = 0.0;
  double square = 0.0;
  for (; i < samples.size(); ++i) {
    const double distance = static_cast<double>(samples[i]) - mean;
    weight += weights[i];
    square += weights[i] * distance * distance;
  }
  for (const float lane : weight_lanes) weight += lane;
  for (const float lane : square_lanes) square += lane;
  return square / weight;
}

}  // namespace

Intensity SoundToIntensity(std::span<const float> samples, const IntensityParameters& parameters) {
  const double window_s = 6.4 / parameters.minimum_pitch_hz;
  const double time_step_s = parameters.time_step_s > 0.0 ? parameters.time_step_s : 0.8 / parameters.minimum_pitch_hz;
  Intensity intensity;
  intensity.grid = FrameGrid::Centred(DurationOf(samples.size()), window_s, time_step_s);
  if (intensity.grid.count == 0 && !samples.empty()) intensity.grid.count = 1;

  const std::vector<float> window = KaiserWindow(window_s);
  const auto half = static_cast<std::ptrdiff_t>(window.size() / 2);
  intensity.level_dbfs.reserve(intensity.grid.count);
  for (std::size_t i = 0; i < intensity.grid.count; ++i) {
    const auto middle = static_cast<std::ptrdiff_t>(std::floor(SampleAt(intensity.grid.TimeOf(i)) + 0.5));
    const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(0, middle - half);
    const std::ptrdiff_t end = std::min(static_cast<std::ptrdiff_t>(samples.size()), middle + half + 1);
    const auto size = static_cast<std::size_t>(end - begin);
    const std::span<const float> frame = samples.subspan(static_cast<std::size_t>(begin), size);
    const std::span<const float> weights = std::span(window).subspan(static_cast<std::size_t>(begin - (middle - half)), size);
    const double mean = parameters.subtract_mean ? MeanOf(frame) : 0.0;
    const double mean_square = WeightedMeanSquare(weights, frame, static_cast<float>(mean));
    intensity.level_dbfs.push_back(mean_square > 1e-20 ? 10.0 * std::log10(mean_square) : kNoSoundDbfs);
  }
  return intensity;
}

}  // namespace speechcoach::prosody
