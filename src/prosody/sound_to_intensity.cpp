#include "prosody/sound_to_intensity.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "prosody/sample_time.h"
#include "prosody/vector_sums.h"

namespace speechcoach::prosody {
namespace {

// Modified Bessel function of the first kind and order 0, by its power series; 0 <= x < 30.
double BesselI0(double x) {
  double term = 1.0;
  double sum = 1.0;
  for (int k = 1; term > 1e-17 * sum; ++k) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }
  return sum;
}

// Odd size, so that the middle is a sample.
std::vector<float> KaiserWindow(double window_s) {
  constexpr double kBeta = 2.0 * std::numbers::pi * std::numbers::pi + 0.5;
  const auto half = static_cast<std::size_t>(window_s * kRateHz / 2.0);
  std::vector<float> window(2 * half + 1);
  for (std::size_t i = 0; i <= half; ++i) {
    const double x = static_cast<double>(i) / (window_s * kRateHz / 2.0);
    const double value = BesselI0(kBeta * std::sqrt(std::max(0.0, 1.0 - x * x))) / BesselI0(kBeta);
    window[half + i] = window[half - i] = static_cast<float>(value);
  }
  return window;
}

std::ptrdiff_t MiddleSample(double time_s) { return static_cast<std::ptrdiff_t>(std::floor(SampleAt(time_s) + 0.5)); }

}  // namespace

IntensityAnalysis::IntensityAnalysis(const IntensityParameters& parameters)
    : window_s_(6.4 / parameters.minimum_pitch_hz),
      time_step_s_(parameters.time_step_s > 0.0 ? parameters.time_step_s : 0.8 / parameters.minimum_pitch_hz),
      subtract_mean_(parameters.subtract_mean),
      window_(KaiserWindow(window_s_)),
      window_sum_(Sum(window_.data(), window_.size())) {}

std::size_t IntensityAnalysis::SamplesNeeded(double time_s) const {
  return static_cast<std::size_t>(MiddleSample(time_s) + static_cast<std::ptrdiff_t>(window_.size() / 2) + 1);
}

void IntensityAnalysis::Append(std::span<const float> samples, double time_s) {
  const auto half = static_cast<std::ptrdiff_t>(window_.size() / 2);
  const std::ptrdiff_t middle = MiddleSample(time_s);
  const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(0, middle - half);
  const std::ptrdiff_t end = std::min(static_cast<std::ptrdiff_t>(samples.size()), middle + half + 1);
  const auto size = static_cast<std::size_t>(end - begin);
  const float* frame = samples.data() + begin;
  const float* weights = window_.data() + (begin - (middle - half));
  const float weight = size == window_.size() ? window_sum_ : Sum(weights, size);
  const float mean = subtract_mean_ ? Sum(frame, size) / static_cast<float>(size) : 0.0F;
  const double mean_square = static_cast<double>(WeightedSquares(weights, frame, mean, size)) / weight;
  level_dbfs_.push_back(mean_square > 1e-20 ? 10.0 * std::log10(mean_square) : kNoSoundDbfs);
}

Intensity SoundToIntensity(std::span<const float> samples, const IntensityParameters& parameters) {
  IntensityAnalysis analysis(parameters);
  Intensity intensity;
  intensity.grid = FrameGrid::Centred(DurationOf(samples.size()), analysis.window_s(), analysis.time_step_s());
  if (intensity.grid.count == 0 && !samples.empty()) intensity.grid.count = 1;
  for (std::size_t i = 0; i < intensity.grid.count; ++i) analysis.Append(samples, intensity.grid.TimeOf(i));
  intensity.level_dbfs = analysis.level_dbfs();
  return intensity;
}

}  // namespace speechcoach::prosody
