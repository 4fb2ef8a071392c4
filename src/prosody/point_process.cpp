#include "prosody/point_process.h"

#include <algorithm>
#include <cmath>

#include "prosody/parabola.h"
#include "prosody/sample_time.h"
#include "prosody/sound_level.h"

namespace speechcoach::prosody {
namespace {

// A pulse whose surroundings correlate less with its neighbour's is left out.
constexpr double kLowestCorrelation = 0.3;
// One more pulse may lie just outside the voiced stretch where the voice plainly goes on.
constexpr double kEdgeCorrelation = 0.7;
// ... and is at least this loud, against the recording's largest amplitude.
constexpr double kEdgeAmplitude = 0.023;

std::ptrdiff_t SampleBefore(double time_s) { return static_cast<std::ptrdiff_t>(std::floor(SampleAt(time_s))); }

struct Stretch {
  double start_s;
  double end_s;
};

std::vector<Stretch> VoicedStretches(const PitchTrack& pitch) {
  std::vector<Stretch> stretches;
  const double half_step_s = pitch.grid.step_s / 2.0;
  for (std::size_t i = 0; i < pitch.frames.size(); ++i) {
    if (!pitch.frames[i].voiced()) continue;
    const double time_s = pitch.grid.TimeOf(i);
    if (i == 0 || !pitch.frames[i - 1].voiced()) stretches.push_back({time_s - half_step_s, 0.0});
    stretches.back().end_s = time_s + half_step_s;
  }
  return stretches;
}

struct Match {
  double time_s;
  double correlation;
};

class PulseFinder {
 public:
  PulseFinder(std::span<const float> samples, const PitchTrack& pitch)
      : samples_(samples), pitch_(pitch), global_peak_(LargestDeviation(samples)) {}

  void Search(const Stretch& stretch, std::vector<double>& pulses) const {
    const double middle_s = (stretch.start_s + stretch.end_s) / 2.0;
    const double f0_hz = pitch_.F0At(middle_s);
    if (!(f0_hz > 0.0)) return;
    const double first_s = Extremum(middle_s - 0.5 / f0_hz, middle_s + 0.5 / f0_hz);

    std::vector<double> left;
    Walk(first_s, -1.0, stretch, left);
    const std::size_t begin = pulses.size();
    pulses.insert(pulses.end(), left.rbegin(), left.rend());
    pulses.push_back(first_s);
    Walk(first_s, 1.0, stretch, pulses);
    // A stretch's edge pulse may fall among those of its neighbour; times stay in order.
    while (begin > 0 && begin < pulses.size() && pulses[begin] <= pulses[begin - 1]) {
      pulses.erase(pulses.begin() + static_cast<std::ptrdiff_t>(begin));
    }
  }

 private:
  void Walk(double from_s, double direction, const Stretch& stretch, std::vector<double>& pulses) const {
    double pulse_s = from_s;
    for (;;) {
      const double f0_hz = pitch_.F0At(std::clamp(pulse_s, stretch.start_s + 1e-6, stretch.end_s - 1e-6));
      if (!(f0_hz > 0.0)) return;
      const Match match = BestMatch(pulse_s, 1.0 / f0_hz, direction);
      const bool inside = match.time_s >= stretch.start_s && match.time_s <= stretch.end_s;
      if (!inside) {
        if (match.correlation > kEdgeCorrelation && IsLoud(match.time_s, 1.0 / f0_hz)) pulses.push_back(match.time_s);
        return;
      }
      if (match.correlation >= kLowestCorrelation) pulses.push_back(match.time_s);
      pulse_s = match.time_s;
    }
  }

  // Where, 0.8 to 1.2 periods on, one period of sound looks most like that round `pulse_s`.
  Match BestMatch(double pulse_s, double period_s, double direction) const {
    const std::ptrdiff_t here = SampleBefore(pulse_s - period_s / 2.0);
    const std::ptrdiff_t size = SampleBefore(pulse_s + period_s / 2.0) - here + 1;
    const std::ptrdiff_t nearest = static_cast<std::ptrdiff_t>(std::floor(0.8 * period_s * kRateHz));
    const std::ptrdiff_t farthest = static_cast<std::ptrdiff_t>(std::ceil(1.2 * period_s * kRateHz));
    const auto sign = static_cast<std::ptrdiff_t>(direction);
    std::vector<double> correlations;
    for (std::ptrdiff_t distance = nearest - 1; distance <= farthest + 1; ++distance) {
      correlations.push_back(Correlation(here, here + sign * distance, size));
    }
    std::size_t best = 1;
    for (std::size_t i = 1; i + 1 < correlations.size(); ++i) {
      if (correlations[i] > correlations[best]) best = i;
    }
    const Vertex top = ParabolaTop(correlations[best - 1], correlations[best], correlations[best + 1]);
    const double distance = static_cast<double>(nearest - 1 + static_cast<std::ptrdiff_t>(best)) + top.offset;
    return Match{pulse_s + direction * distance / kRateHz, top.height};
  }

  // Of the `size` samples from `a` on with those from `b` on; 0 where either leaves the recording or is silent.
  double Correlation(std::ptrdiff_t a, std::ptrdiff_t b, std::ptrdiff_t size) const {
    const auto count = static_cast<std::ptrdiff_t>(samples_.size());
    if (std::min(a, b) < 0 || std::max(a, b) + size > count) return 0.0;
    float product = 0.0F;
    float energy_a = 0.0F;
    float energy_b = 0.0F;
    for (std::ptrdiff_t i = 0; i < size; ++i) {
      const float x = samples_[static_cast<std::size_t>(a + i)];
      const float y = samples_[static_cast<std::size_t>(b + i)];
      product += x * y;
      energy_a += x * x;
      energy_b += y * y;
    }
    const double norm = std::sqrt(static_cast<double>(energy_a) * energy_b);
    return norm > 0.0 ? product / norm : 0.0;
  }

  bool IsLoud(double time_s, double period_s) const {
    const auto middle = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, SampleBefore(time_s) + 1));
    const auto reach = static_cast<std::size_t>(period_s * kRateHz / 2.0);
    return LargestAround(samples_, middle, reach, 0.0F) > kEdgeAmplitude * global_peak_;
  }

  // The time of the largest magnitude between two times, by a parabola through the samples round it.
  double Extremum(double from_s, double to_s) const {
    const std::ptrdiff_t last = std::min(SampleBefore(to_s), static_cast<std::ptrdiff_t>(samples_.size()) - 1);
    std::ptrdiff_t best = std::max<std::ptrdiff_t>(0, SampleBefore(from_s) + 1);
    for (std::ptrdiff_t i = best; i <= last; ++i) {
      if (Magnitude(i) > Magnitude(best)) best = i;
    }
    const bool inside = best > 0 && best + 1 < static_cast<std::ptrdiff_t>(samples_.size());
    const double offset = inside ? ParabolaTop(Magnitude(best - 1), Magnitude(best), Magnitude(best + 1)).offset : 0.0;
    return TimeOfSample(static_cast<double>(best) + offset);
  }

  double Magnitude(std::ptrdiff_t sample) const { return std::abs(samples_[static_cast<std::size_t>(sample)]); }

  std::span<const float> samples_;
  const PitchTrack& pitch_;
  double global_peak_;
};

}  // namespace

std::vector<double> SoundAndPitchToPulses(std::span<const float> samples, const PitchTrack& pitch) {
  std::vector<double> pulses;
  const PulseFinder finder(samples, pitch);
  for (const Stretch& stretch : VoicedStretches(pitch)) finder.Search(stretch, pulses);
  return pulses;
}

bool IsPeriod(double period_s, const PeriodLimits& limits) {
  return period_s >= limits.period_floor_s && period_s <= limits.period_ceiling_s;
}

bool AreNeighbours(double a_s, double b_s, const PeriodLimits& limits) {
  return IsPeriod(a_s, limits) && IsPeriod(b_s, limits) &&
         std::max(a_s, b_s) <= limits.maximum_period_factor * std::min(a_s, b_s);
}

}  // namespace speechcoach::prosody
