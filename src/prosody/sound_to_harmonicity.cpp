#include "prosody/sound_to_harmonicity.h"

#include <algorithm>
#include <cmath>

#include "prosody/lag_peaks.h"
#include "prosody/sample_time.h"
#include "prosody/sound_level.h"
#include "prosody/statistics.h"
#include "prosody/vector_sums.h"

namespace speechcoach::prosody {
namespace {

// The highest figure that 16-bit sound can mean anything by.
constexpr double kLargestStrength = 1.0 - 1e-9;

constexpr double kSmallestEnergy = 1e-14;

// The largest maximum between a lag of two samples and the longest period; 0 where there is none above 0.
double LargestPeak(const LagFunction& function, double longest_period, std::vector<LagPeak>& peaks) {
  constexpr std::size_t kRefined = 4;
  function.FindPeaks(2.0, longest_period, 0.0, peaks);
  const std::size_t tried = std::min(peaks.size(), kRefined);
  std::partial_sort(peaks.begin(), peaks.begin() + static_cast<std::ptrdiff_t>(tried), peaks.end(),
                    [](const LagPeak& a, const LagPeak& b) { return a.height > b.height; });
  double largest = 0.0;
  for (std::size_t i = 0; i < tried; ++i) {
    const double height = function.Refine(peaks[i]).height;
    largest = std::max(largest, height > 1.0 ? 1.0 / height : height);
  }
  return largest;
}

double ToDecibels(double strength) {
  const double bounded = std::clamp(strength, 1e-9, kLargestStrength);
  return 10.0 * std::log10(bounded / (1.0 - bounded));
}

}  // namespace

double Harmonicity::Mean() const {
  std::vector<double> values;
  for (const double value : hnr_db) {
    if (value > kNoHarmonicityDb) values.push_back(value);
  }
  return values.empty() ? kNoHarmonicityDb : prosody::Mean(values);
}

double Harmonicity::MeanOverVoiced(const PitchTrack& pitch) const {
  std::vector<double> values;
  for (std::size_t i = 0; i < hnr_db.size(); ++i) {
    if (hnr_db[i] > kNoHarmonicityDb && pitch.F0At(grid.TimeOf(i)) > 0.0) values.push_back(hnr_db[i]);
  }
  return values.empty() ? kNoHarmonicityDb : prosody::Mean(values);
}

HarmonicityAnalysis::HarmonicityAnalysis(const HarmonicityParameters& parameters)
    : silence_threshold_(parameters.silence_threshold), longest_period_(kRateHz / parameters.minimum_pitch_hz) {
  const double window_s = parameters.periods_per_window / parameters.minimum_pitch_hz;
  span_s_ = window_s + 1.0 / parameters.minimum_pitch_hz;
  half_window_ = static_cast<std::size_t>(window_s * kRateHz) / 2 - 1;
  const auto lags = static_cast<std::size_t>(std::ceil(longest_period_)) + LagFunction::kDepth + 2;
  correlation_.resize(lags);
  sound_.resize(2 * half_window_ + lags);
}

std::size_t HarmonicityAnalysis::SamplesNeeded(double time_s) const {
  const double start = std::max(0.0, std::floor(SampleAt(time_s - span_s_ / 2.0)));
  const double middle = std::floor(SampleAt(time_s)) + 1.0;
  return static_cast<std::size_t>(std::max(start + static_cast<double>(sound_.size()), middle + std::floor(longest_period_)));
}

double HarmonicityAnalysis::Silent(const Frame& frame, double global_peak) const {
  return UnvoicedStrength(frame.peak, global_peak, silence_threshold_, 0.0);
}

void HarmonicityAnalysis::Append(std::span<const float> samples, double time_s, double least_peak) {
  const auto period = static_cast<std::size_t>(longest_period_);
  const auto middle = static_cast<std::size_t>(std::floor(SampleAt(time_s)) + 1.0);
  Frame frame;
  frame.mean = MeanAround(samples, middle, period);
  frame.peak = LargestAround(samples, middle, std::min(half_window_, period / 2 + 1), frame.mean);
  if (Silent(frame, least_peak) < 1.0) frame.strength = Strength(samples, time_s, frame.mean);
  frames_.push_back(frame);
}

// The largest normalised correlation of a window, one period of the lowest pitch long, with what follows it; what lies beyond
// the recording is 0.
double HarmonicityAnalysis::Strength(std::span<const float> samples, double time_s, float mean) {
  const auto start = static_cast<std::size_t>(std::max(0.0, std::floor(SampleAt(time_s - span_s_ / 2.0))));
  const std::span<const float> rest = samples.subspan(start);
  const std::size_t inside = std::min(sound_.size(), rest.size());
  for (std::size_t i = 0; i < inside; ++i) sound_[i] = rest[i] - mean;
  std::fill(sound_.begin() + static_cast<std::ptrdiff_t>(inside), sound_.end(), 0.0F);
  const std::size_t window = 2 * half_window_;
  double window_energy = 0.0;
  for (std::size_t i = 0; i < window; ++i) window_energy += static_cast<double>(sound_[i]) * sound_[i];
  if (!(window_energy > kSmallestEnergy)) return 0.0;
  SlidingDots(sound_.data(), window, sound_.data(), correlation_.size(), correlation_.data());
  double energy = window_energy;
  for (std::size_t lag = 0; lag < correlation_.size(); ++lag) {
    const double norm = std::sqrt(window_energy * std::max(energy, 0.0));
    correlation_[lag] = norm > kSmallestEnergy ? static_cast<float>(correlation_[lag] / norm) : 0.0F;
    if (lag + 1 == correlation_.size()) break;
    const double leaving = sound_[lag];
    const double entering = sound_[lag + window];
    energy += entering * entering - leaving * leaving;
  }
  function_.Assign(correlation_);
  return LargestPeak(function_, longest_period_, peaks_);
}

Harmonicity HarmonicityAnalysis::Finish(std::span<const float> samples, const FrameGrid& grid, double global_peak) {
  Harmonicity harmonicity;
  harmonicity.grid = grid;
  harmonicity.hnr_db.reserve(grid.count);
  for (std::size_t i = 0; i < grid.count; ++i) {
    Frame& frame = frames_[i];
    const double silent = Silent(frame, global_peak);
    double hnr_db = kNoHarmonicityDb;
    if (silent < 1.0) {
      if (!frame.strength) frame.strength = Strength(samples, grid.TimeOf(i), frame.mean);
      if (*frame.strength > silent) hnr_db = ToDecibels(*frame.strength);
    }
    harmonicity.hnr_db.push_back(hnr_db);
  }
  return harmonicity;
}

Harmonicity SoundToHarmonicity(std::span<const float> samples, const HarmonicityParameters& parameters) {
  HarmonicityAnalysis analysis(parameters);
  const FrameGrid grid = FrameGrid::Centred(DurationOf(samples.size()), analysis.span_s(), parameters.time_step_s);
  const double global_peak = LargestDeviation(samples);
  for (std::size_t i = 0; i < grid.count; ++i) analysis.Append(samples, grid.TimeOf(i), global_peak);
  return analysis.Finish(samples, grid, global_peak);
}

}  // namespace speechcoach::prosody
