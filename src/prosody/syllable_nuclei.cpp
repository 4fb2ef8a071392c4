#include "prosody/syllable_nuclei.h"

#include <cstddef>
#include <span>

namespace speechcoach::prosody {
namespace {

// The frames of the maxima of `level` that are separated by dips of at least `dip_db` on both sides.
std::vector<std::size_t> ProminentMaxima(std::span<const double> level, double dip_db) {
  std::vector<std::size_t> maxima;
  bool rising = true;
  std::size_t high = 0;
  std::size_t low = 0;
  for (std::size_t i = 0; i < level.size(); ++i) {
    if (level[i] > level[high]) high = i;
    if (level[i] < level[low]) low = i;
    if (rising && level[i] <= level[high] - dip_db) {
      maxima.push_back(high);
      rising = false;
      low = i;
    } else if (!rising && level[i] >= level[low] + dip_db) {
      rising = true;
      high = i;
    }
  }
  if (rising && !level.empty()) maxima.push_back(high);
  return maxima;
}

}  // namespace

IntensityParameters NucleusLevelParameters(const NucleusParameters& parameters) {
  return {.minimum_pitch_hz = parameters.minimum_pitch_hz};
}

std::vector<double> FindSyllableNuclei(const Intensity& level, const PitchTrack& pitch,
                                       const std::vector<SoundingInterval>& sounding, const NucleusParameters& parameters) {
  const double threshold_dbfs = SoundingThresholdDbfs(level, {});
  std::vector<double> nuclei;
  for (const std::size_t frame : ProminentMaxima(level.level_dbfs, parameters.minimum_dip_db)) {
    const double time_s = level.grid.TimeOf(frame);
    if (level.level_dbfs[frame] > threshold_dbfs && pitch.F0At(time_s) > 0.0 && IsSounding(time_s, sounding)) {
      nuclei.push_back(time_s);
    }
  }
  return nuclei;
}

}  // namespace speechcoach::prosody
