#include "prosody/point_process.h"

#include <algorithm>
#include <cmath>

#include "prosody/parabola.h"
#include "prosody/sample_time.h"
#include "prosody/sound_level.h"
#include "prosody/vector_sums.h"

namespace speechcoach::prosody {
namespace {

// A pulse whose surroundings correlate less with its neighbour's is left out.
constexpr double kLowestCorrelation = 0.3;
// One more pulse may lie just outside the voiced stretch where the voice plainly goes on.
constexpr double kEdgeCorrelation = 0.7;
// ... and is at least this loud, against the recording's largest amplitude.
constexpr double kEdgeAmplitude = 0.023;

// Where the next pulse is looked for, in periods.
constexpr double kNearest = 0.8;
constexpr double kFarthest = 1.25;

std::ptrdiff_t SampleNearest(double time_s) { return static_cast<std::ptrdiff_t>(std::floor(SampleAt(time_s) + 0.5)); }
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
      : samples_(samples), pitch_(pitch), global_peak_(LargestDeviation(samples)), energy_before_(samples.size() + 1) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      energy_before_[i + 1] = energy_before_[i] + static_cast<double>(samples[i]) * samples[i];
    }
  }

  void Search(const Stretch& stretch, std::vector<double>& pulses) {
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
  void Walk(double from_s, double direction, const Stretch& stretch, std::vector<double>& pulses) {
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

  // Where, 0.8 to 1.25 periods on, one period of sound looks most like that round `pulse_s`.
  Match BestMatch(double pulse_s, double period_s, double direction) {
    const double left_s = pulse_s - period_s / 2.0;
    const std::ptrdiff_t here = SampleNearest(left_s);
    const std::ptrdiff_t size = SampleNearest(pulse_s + period_s / 2.0) - here + 1;
    const auto [first_s, last_s] =
        std::minmax({left_s + direction * kNearest * period_s, left_s + direction * kFarthest * period_s});
    const std::ptrdiff_t first = SampleBefore(first_s);
    const std::ptrdiff_t last = static_cast<std::ptrdiff_t>(std::ceil(SampleAt(last_s)));
    Correlate(here, size, first, last);
    std::size_t best = 1;
    for (std::size_t i = 1; i + 1 < correlations_.size(); ++i) {
      if (correlations_[i] > correlations_[best]) best = i;
    }
    const Vertex top = ParabolaTop(correlations_[best - 1], correlations_[best], correlations_[best + 1]);
    const double there = static_cast<double>(first + static_cast<std::ptrdiff_t>(best)) + top.offset;
    return Match{pulse_s + (there - static_cast<double>(here)) / kRateHz, top.height};
  }

  // correlations_ = of the `size` samples from `here` on with those from `first` .. `last` on; 0 where they leave the recording
  // or are silent.
  void Correlate(std::ptrdiff_t here, std::ptrdiff_t size, std::ptrdiff_t first, std::ptrdiff_t last) {
    correlations_.assign(static_cast<std::size_t>(last - first + 1), 0.0);
    const std::ptrdiff_t end = static_cast<std::ptrdiff_t>(samples_.size()) - size;
    const std::ptrdiff_t from = std::max<std::ptrdiff_t>(first, 0);
    const std::ptrdiff_t to = std::min(last, end);
    if (here < 0 || here > end || from > to) return;
    products_.resize(static_cast<std::size_t>(to - from + 1));
    SlidingDots(samples_.data() + here, static_cast<std::size_t>(size), samples_.data() + from, products_.size(),
                products_.data());
    const double energy = Energy(here, size);
    for (std::size_t i = 0; i < products_.size(); ++i) {
      const std::ptrdiff_t there = from + static_cast<std::ptrdiff_t>(i);
      const double norm = std::sqrt(energy * Energy(there, size));
      if (norm > 0.0) correlations_[static_cast<std::size_t>(there - first)] = products_[i] / norm;
    }
  }

  double Energy(std::ptrdiff_t begin, std::ptrdiff_t size) const {
    return energy_before_[static_cast<std::size_t>(begin + size)] - energy_before_[static_cast<std::size_t>(begin)];
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
  std::vector<double> energy_before_;  // of all samples before each
  std::vector<float> products_;
  std::vector<double> correlations_;
};

}  // namespace

std::vector<double> SoundAndPitchToPulses(std::span<const float> samples, const PitchTrack& pitch) {
  std::vector<double> pulses;
  PulseFinder finder(samples, pitch);
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
