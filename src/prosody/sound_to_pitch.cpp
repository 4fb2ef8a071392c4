#include "prosody/sound_to_pitch.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "prosody/fft.h"
#include "prosody/lag_peaks.h"
#include "prosody/pitch_path.h"
#include "prosody/sample_time.h"
#include "prosody/sound_level.h"

namespace speechcoach::prosody {
namespace {

// Without the zeros at both ends.
std::vector<float> HanningWindow(std::size_t size) {
  std::vector<float> window(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double phase = 2.0 * std::numbers::pi * static_cast<double>(i + 1) / static_cast<double>(size + 1);
    window[i] = static_cast<float>(0.5 - 0.5 * std::cos(phase));
  }
  return window;
}

// Window-normalised autocorrelation of one frame after the other, on one set of buffers.
class FrameAutocorrelation {
 public:
  // `window_size` is even, `period` the longest one, less than half of it; lags 0 .. lags - 1 are wanted, lags <= window_size.
  FrameAutocorrelation(std::size_t window_size, std::size_t period, std::size_t lags)
      : period_(period),
        window_(HanningWindow(window_size)),
        fft_(RealFft::FastSize(window_size + lags)),
        time_(fft_.size()),
        spectrum_(fft_.bins()),
        window_correlation_(lags),
        correlation_(lags) {
    std::copy(window_.begin(), window_.end(), time_.begin());
    Correlate();
    for (std::size_t lag = 0; lag < lags; ++lag) window_correlation_[lag] = time_[lag] / time_[0];
  }

  // `frame` holds `window_size` samples.
  void Load(std::span<const float> frame) {
    const float mean = MeanAround(frame, frame.size() / 2, period_);
    for (std::size_t i = 0; i < frame.size(); ++i) time_[i] = (frame[i] - mean) * window_[i];
    std::fill(time_.begin() + static_cast<std::ptrdiff_t>(frame.size()), time_.end(), 0.0F);
  }

  // Of the loaded frame, under its window.
  float Peak() const { return LargestAround(std::span(time_).first(window_.size()), window_.size() / 2, period_ / 2 + 1, 0.0F); }

  // Of the loaded frame, which it consumes. Empty where the frame holds no energy. Valid until the next call.
  std::span<const float> Compute() {
    Correlate();
    if (!(time_[0] > kSmallestEnergy)) return {};
    const float scale = 1.0F / time_[0];
    for (std::size_t lag = 0; lag < correlation_.size(); ++lag) {
      correlation_[lag] = time_[lag] * scale / window_correlation_[lag];
    }
    return correlation_;
  }

 private:
  static constexpr float kSmallestEnergy = 1e-20F;

  // time_ -> its circular autocorrelation; the zeros after the frame keep the wanted lags free of wrap-around.
  void Correlate() {
    fft_.Forward(time_, spectrum_);
    for (std::complex<float>& bin : spectrum_) bin = std::norm(bin);
    fft_.Inverse(spectrum_, time_);
  }

  std::size_t period_;
  std::vector<float> window_;
  RealFft fft_;
  std::vector<float> time_;
  std::vector<std::complex<float>> spectrum_;
  std::vector<float> window_correlation_;
  std::vector<float> correlation_;
};

// The strongest peaks of one frame, refined, as candidates.
class CandidateFinder {
 public:
  explicit CandidateFinder(const PitchParameters& parameters) : parameters_(parameters) {}

  void AddVoiced(std::span<const float> correlation, PitchCandidates& candidates) {
    function_.Assign(correlation);
    function_.FindPeaks(2.0, kRateHz / parameters_.pitch_floor_hz, 0.5 * parameters_.voicing_threshold, peaks_);
    const auto wanted = std::min(peaks_.size(), static_cast<std::size_t>(parameters_.max_candidates - 1));
    std::partial_sort(peaks_.begin(), peaks_.begin() + static_cast<std::ptrdiff_t>(wanted), peaks_.end(),
                      [this](const LagPeak& a, const LagPeak& b) { return Preference(a) > Preference(b); });
    for (std::size_t i = 0; i < wanted; ++i) {
      if (kRateHz / peaks_[i].lag > parameters_.pitch_ceiling_hz) continue;
      const LagPeak peak = function_.Refine(peaks_[i]);
      // Noise in a short window can lift the estimate above 1, which no autocorrelation can be.
      const double strength = peak.height > 1.0 ? 1.0 / peak.height : peak.height;
      candidates.Add({kRateHz / peak.lag, strength});
    }
  }

 private:
  double Preference(const LagPeak& peak) const { return peak.height - parameters_.octave_cost * std::log2(peak.lag); }

  const PitchParameters& parameters_;
  LagFunction function_;
  std::vector<LagPeak> peaks_;
};

}  // namespace

PitchTrack SoundToPitch(std::span<const float> samples, const PitchParameters& parameters) {
  const double longest_period = kRateHz / parameters.pitch_floor_hz;
  const double window_s = 3.0 / parameters.pitch_floor_hz;
  const std::size_t half_window = static_cast<std::size_t>(window_s * kRateHz) / 2 - 1;
  const double duration_s = DurationOf(samples.size());

  PitchTrack track;
  track.grid = FrameGrid::Centred(duration_s, window_s, parameters.time_step_s);
  if (track.grid.count == 0) return track;

  const auto lags = static_cast<std::size_t>(std::ceil(longest_period)) + LagFunction::kDepth + 2;
  FrameAutocorrelation autocorrelation(2 * half_window, static_cast<std::size_t>(longest_period), lags);
  CandidateFinder finder(parameters);
  const double global_peak = LargestDeviation(samples);
  PitchCandidates candidates;
  for (std::size_t i = 0; i < track.grid.count; ++i) {
    // Half a window lies on either side of the middle, which falls between two samples.
    const auto right = static_cast<std::size_t>(std::floor(SampleAt(track.grid.TimeOf(i))) + 1.0);
    const std::size_t start = std::min(right - std::min(right, half_window), samples.size() - 2 * half_window);
    autocorrelation.Load(samples.subspan(start, 2 * half_window));
    candidates.StartFrame();
    candidates.Add(
        {0.0, UnvoicedStrength(autocorrelation.Peak(), global_peak, parameters.silence_threshold, parameters.voicing_threshold)});
    if (const std::span<const float> correlation = autocorrelation.Compute(); !correlation.empty()) {
      finder.AddVoiced(correlation, candidates);
    }
  }

  const PathCosts costs{parameters.octave_cost, parameters.octave_jump_cost, parameters.voiced_unvoiced_cost,
                        parameters.pitch_ceiling_hz};
  track.frames.reserve(track.grid.count);
  for (const PitchCandidate& candidate : FindBestPath(candidates, costs, parameters.time_step_s)) {
    track.frames.push_back({candidate.f0_hz, candidate.f0_hz > 0.0 ? candidate.strength : 0.0});
  }
  return track;
}

}  // namespace speechcoach::prosody
