#include "prosody/confidence.h"

#include <algorithm>
#include <cmath>

#include "prosody/statistics.h"

namespace speechcoach::prosody {

double PitchStability(const PitchTrack& pitch) {
  constexpr double kScaleSemitones = 0.6;
  std::vector<double> distances;
  for (std::size_t i = 1; i + 1 < pitch.frames.size(); ++i) {
    const PitchFrame& before = pitch.frames[i - 1];
    const PitchFrame& here = pitch.frames[i];
    const PitchFrame& after = pitch.frames[i + 1];
    if (!before.voiced() || !here.voiced() || !after.voiced()) continue;
    const double middle = (Semitones(before.f0_hz) + Semitones(after.f0_hz)) / 2.0;
    distances.push_back(std::abs(Semitones(here.f0_hz) - middle));
  }
  return distances.empty() ? 0.0 : std::exp(-Mean(distances) / kScaleSemitones);
}

double EnergyConsistency(const std::vector<double>& nucleus_levels_dbfs) {
  constexpr double kScaleDb = 10.0;
  return nucleus_levels_dbfs.empty() ? 0.0 : std::exp(-StandardDeviation(nucleus_levels_dbfs) / kScaleDb);
}

double HesitationScore(const model::Pauses& pauses, double speaking_time_s, std::size_t syllables) {
  if (!(speaking_time_s > 0.0)) return 0.0;
  const auto count = static_cast<double>(pauses.positions.size());
  const double silent_part = std::clamp(count * pauses.avg_duration_s / speaking_time_s, 0.0, 1.0);
  const double per_ten_syllables = 10.0 * count / static_cast<double>(std::max<std::size_t>(syllables, 1));
  return 1.0 - (1.0 - silent_part) * std::exp(-per_ten_syllables / 2.0);
}

}  // namespace speechcoach::prosody
