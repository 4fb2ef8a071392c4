#include "prosody/sound_to_pitch.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "prosody/lag_peaks.h"
#include "prosody/pitch_path.h"
#include "prosody/sample_time.h"
#include "prosody/sound_level.h"
#include "prosody/vector_sums.h"

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
        time_(window_size + lags),
        window_correlation_(lags),
        correlation_(lags) {
    std::copy(window_.begin(), window_.end(), time_.begin());
    Correlate();
    for (std::size_t lag = 0; lag < lags; ++lag) window_correlation_[lag] = correlation_[lag] / correlation_[0];
  }

  // `frame` holds `window_size` samples.
  void Load(std::span<const float> frame) {
    const float mean = MeanAround(frame, frame.size() / 2, period_);
    for (std::size_t i = 0; i < frame.size(); ++i) time_[i] = (frame[i] - mean) * window_[i];
  }

  // Of the loaded frame, under its window.
  float Peak() const { return LargestAround(std::span(time_).first(window_.size()), window_.size() / 2, period_ / 2 + 1, 0.0F); }

  // Of the loaded frame. Empty where the frame holds no energy. Valid until the next call.
  std::span<const float> Compute() {
    Correlate();
    if (!(correlation_[0] > kSmallestEnergy)) return {};
    const float scale = 1.0F / correlation_[0];
    for (std::size_t lag = 0; lag < correlation_.size(); ++lag) correlation_[lag] *= scale / window_correlation_[lag];
    return correlation_;
  }

 private:
  static constexpr float kSmallestEnergy = 1e-20F;

  // So few lags are wanted that their sums are faster than a Fourier transform there and back. The zeros after the frame let the
  // lags of a block share one length.
  void Correlate() {
    constexpr std::size_t kBlock = 32;
    for (std::size_t lag = 0; lag < correlation_.size(); lag += std::min(kBlock, correlation_.size() - lag)) {
      const std::size_t from = std::min(lag, correlation_.size() - std::min(kBlock, correlation_.size()));
      const std::size_t lags = std::min(kBlock, correlation_.size() - from);
      SlidingDots(time_.data(), window_.size() - from, time_.data() + from, lags, correlation_.data() + from);
    }
  }

  std::size_t period_;
  std::vector<float> window_;
  std::vector<float> time_;  // the frame, then zeros
  std::vector<float> window_correlation_;
  std::vector<float> correlation_;
};

}  // namespace

struct PitchAnalysis::Impl {
  explicit Impl(const PitchParameters& settings)
      : parameters(settings),
        half_window(static_cast<std::size_t>(3.0 / settings.pitch_floor_hz * kRateHz) / 2 - 1),
        autocorrelation(2 * half_window, static_cast<std::size_t>(kRateHz / settings.pitch_floor_hz),
                        static_cast<std::size_t>(std::ceil(kRateHz / settings.pitch_floor_hz)) + LagFunction::kDepth + 2) {}

  // Half a window lies on either side of the middle, which falls between two samples: the one right of it.
  static std::size_t RightOfMiddle(double time_s) { return static_cast<std::size_t>(std::floor(SampleAt(time_s)) + 1.0); }

  // The strongest peaks, refined.
  void AddVoiced(std::span<const float> correlation) {
    // The refined frequency decides what is above the ceiling; it lies near the first estimate.
    constexpr double kMargin = 1.1;
    const auto preference = [this](const LagPeak& peak) { return peak.height - parameters.octave_cost * std::log2(peak.lag); };
    function.Assign(correlation);
    function.FindPeaks(2.0, kRateHz / parameters.pitch_floor_hz, 0.5 * parameters.voicing_threshold, found);
    const auto wanted = std::min(found.size(), static_cast<std::size_t>(parameters.max_candidates - 1));
    if (wanted < found.size()) {
      std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(wanted), found.end(),
                        [&](const LagPeak& a, const LagPeak& b) { return preference(a) > preference(b); });
    }
    for (std::size_t i = 0; i < wanted; ++i) {
      if (kRateHz / found[i].lag > kMargin * parameters.pitch_ceiling_hz) continue;
      const LagPeak peak = function.Refine(found[i]);
      // Noise in a short window can lift the estimate above 1, which no autocorrelation can be.
      const double strength = peak.height > 1.0 ? 1.0 / peak.height : peak.height;
      voiced.push_back({kRateHz / peak.lag, strength});
    }
  }

  PitchParameters parameters;
  std::size_t half_window;
  FrameAutocorrelation autocorrelation;
  LagFunction function;
  std::vector<LagPeak> found;
  // Frame after frame.
  std::vector<float> peaks;
  std::vector<std::size_t> voiced_end;
  std::vector<PitchCandidate> voiced;
};

PitchAnalysis::PitchAnalysis(const PitchParameters& parameters) : impl_(std::make_unique<Impl>(parameters)) {}
PitchAnalysis::~PitchAnalysis() = default;
PitchAnalysis::PitchAnalysis(PitchAnalysis&&) noexcept = default;
PitchAnalysis& PitchAnalysis::operator=(PitchAnalysis&&) noexcept = default;

double PitchAnalysis::window_s() const { return 3.0 / impl_->parameters.pitch_floor_hz; }

std::size_t PitchAnalysis::frames() const { return impl_->peaks.size(); }

std::size_t PitchAnalysis::SamplesNeeded(double time_s) const { return Impl::RightOfMiddle(time_s) + impl_->half_window; }

void PitchAnalysis::Append(std::span<const float> samples, double time_s) {
  const std::size_t half = impl_->half_window;
  const std::size_t right = Impl::RightOfMiddle(time_s);
  const std::size_t start = std::min(right - std::min(right, half), samples.size() - 2 * half);
  impl_->autocorrelation.Load(samples.subspan(start, 2 * half));
  impl_->peaks.push_back(impl_->autocorrelation.Peak());
  if (const std::span<const float> correlation = impl_->autocorrelation.Compute(); !correlation.empty()) {
    impl_->AddVoiced(correlation);
  }
  impl_->voiced_end.push_back(impl_->voiced.size());
}

PitchTrack PitchAnalysis::BestPath(const FrameGrid& grid, std::size_t first, double global_peak, double floor_hz,
                                   double ceiling_hz) const {
  const PitchParameters& parameters = impl_->parameters;
  PitchCandidates candidates;
  for (std::size_t frame = first; frame < first + grid.count; ++frame) {
    candidates.StartFrame();
    candidates.Add(
        {0.0, UnvoicedStrength(impl_->peaks[frame], global_peak, parameters.silence_threshold, parameters.voicing_threshold)});
    for (std::size_t i = frame == 0 ? 0 : impl_->voiced_end[frame - 1]; i < impl_->voiced_end[frame]; ++i) {
      const PitchCandidate& candidate = impl_->voiced[i];
      if (candidate.f0_hz >= floor_hz && candidate.f0_hz <= ceiling_hz) candidates.Add(candidate);
    }
  }
  const PathCosts costs{parameters.octave_cost, parameters.octave_jump_cost, parameters.voiced_unvoiced_cost, ceiling_hz};
  PitchTrack track;
  track.grid = grid;
  track.frames.reserve(grid.count);
  for (const PitchCandidate& candidate : FindBestPath(candidates, costs, parameters.time_step_s)) {
    track.frames.push_back({candidate.f0_hz, candidate.f0_hz > 0.0 ? candidate.strength : 0.0});
  }
  return track;
}

PitchTrack SoundToPitch(std::span<const float> samples, const PitchParameters& parameters) {
  PitchAnalysis analysis(parameters);
  const FrameGrid grid = FrameGrid::Centred(DurationOf(samples.size()), analysis.window_s(), parameters.time_step_s);
  for (std::size_t i = 0; i < grid.count; ++i) analysis.Append(samples, grid.TimeOf(i));
  return analysis.BestPath(grid, 0, LargestDeviation(samples), 0.0, parameters.pitch_ceiling_hz);
}

}  // namespace speechcoach::prosody
