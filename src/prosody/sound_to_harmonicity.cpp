#include "prosody/sound_to_harmonicity.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "prosody/fft.h"
#include "prosody/lag_peaks.h"
#include "prosody/sample_time.h"
#include "prosody/sound_level.h"
#include "prosody/statistics.h"

namespace speechcoach::prosody {
namespace {

// The highest figure that 16-bit sound can mean anything by.
constexpr double kLargestStrength = 1.0 - 1e-9;

// Normalised correlation of a stretch of sound with what follows it, on one set of buffers.
class ForwardCorrelation {
 public:
  // Of `window_size` samples, for lags 0 .. lags - 1.
  ForwardCorrelation(std::size_t window_size, std::size_t lags)
      : window_size_(window_size),
        fft_(RealFft::FastSize(window_size + lags)),
        window_(fft_.size()),
        span_(fft_.size()),
        window_spectrum_(fft_.bins()),
        span_spectrum_(fft_.bins()),
        correlation_(lags) {}

  std::size_t span_size() const { return window_size_ + correlation_.size(); }

  // `span` holds span_size() samples, or fewer where the recording ends; `mean` is taken from each. Empty where the window
  // holds no energy. Valid until the next call.
  std::span<const float> Compute(std::span<const float> span, float mean) {
    std::fill(span_.begin(), span_.end(), 0.0F);
    for (std::size_t i = 0; i < span.size(); ++i) span_[i] = span[i] - mean;
    std::copy_n(span_.begin(), window_size_, window_.begin());
    double window_energy = 0.0;
    for (std::size_t i = 0; i < window_size_; ++i) window_energy += static_cast<double>(span_[i]) * span_[i];
    if (!(window_energy > kSmallestEnergy)) return {};

    fft_.Forward(window_, window_spectrum_);
    fft_.Forward(span_, span_spectrum_);
    for (std::size_t bin = 0; bin < span_spectrum_.size(); ++bin) span_spectrum_[bin] *= std::conj(window_spectrum_[bin]);
    fft_.Inverse(span_spectrum_, product_);
    const double scale = 1.0 / static_cast<double>(fft_.size());
    double energy = window_energy;
    for (std::size_t lag = 0; lag < correlation_.size(); ++lag) {
      const double norm = std::sqrt(window_energy * std::max(energy, 0.0));
      correlation_[lag] = norm > kSmallestEnergy ? static_cast<float>(product_[lag] * scale / norm) : 0.0F;
      const double leaving = span_[lag];
      const double entering = span_[lag + window_size_];
      energy += entering * entering - leaving * leaving;
    }
    return correlation_;
  }

 private:
  static constexpr double kSmallestEnergy = 1e-14;

  std::size_t window_size_;
  RealFft fft_;
  std::vector<float> window_;
  std::vector<float> span_;
  std::vector<float> product_ = std::vector<float>(fft_.size());
  std::vector<std::complex<float>> window_spectrum_;
  std::vector<std::complex<float>> span_spectrum_;
  std::vector<float> correlation_;
};

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

Harmonicity SoundToHarmonicity(std::span<const float> samples, const HarmonicityParameters& parameters) {
  const double longest_period = kRateHz / parameters.minimum_pitch_hz;
  const double window_s = parameters.periods_per_window / parameters.minimum_pitch_hz;
  const double span_s = window_s + 1.0 / parameters.minimum_pitch_hz;
  Harmonicity harmonicity;
  harmonicity.grid = FrameGrid::Centred(DurationOf(samples.size()), span_s, parameters.time_step_s);
  if (harmonicity.grid.count == 0) return harmonicity;

  const auto period = static_cast<std::size_t>(longest_period);
  const std::size_t half_window = static_cast<std::size_t>(window_s * kRateHz) / 2 - 1;
  const auto lags = static_cast<std::size_t>(std::ceil(longest_period)) + LagFunction::kDepth + 2;
  ForwardCorrelation correlation(2 * half_window, lags);
  LagFunction function;
  std::vector<LagPeak> peaks;
  const double global_peak = LargestDeviation(samples);
  harmonicity.hnr_db.reserve(harmonicity.grid.count);
  for (std::size_t i = 0; i < harmonicity.grid.count; ++i) {
    const double time_s = harmonicity.grid.TimeOf(i);
    const auto middle = static_cast<std::size_t>(std::floor(SampleAt(time_s)) + 1.0);
    const float mean = MeanAround(samples, middle, period);
    const double peak = LargestAround(samples, middle, std::min(half_window, period / 2 + 1), mean);
    const double silent = UnvoicedStrength(peak, global_peak, parameters.silence_threshold, 0.0);
    double hnr_db = kNoHarmonicityDb;
    if (silent < 1.0) {
      const double start = std::max(0.0, std::floor(SampleAt(time_s - span_s / 2.0)));
      const std::span<const float> rest = samples.subspan(static_cast<std::size_t>(start));
      const std::span<const float> span = rest.first(std::min(correlation.span_size(), rest.size()));
      if (const std::span<const float> values = correlation.Compute(span, mean); !values.empty()) {
        function.Assign(values);
        const double strength = LargestPeak(function, longest_period, peaks);
        if (strength > silent) hnr_db = ToDecibels(strength);
      }
    }
    harmonicity.hnr_db.push_back(hnr_db);
  }
  return harmonicity;
}

}  // namespace speechcoach::prosody
