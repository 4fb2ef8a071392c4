#include "prosody/intensity_silences.h"

#include <algorithm>
#include <limits>

#include "prosody/statistics.h"

namespace speechcoach::prosody {
namespace {

// Steady noise flickers within this distance of its level.
constexpr double kNoiseSpreadDb = 6.0;
// Nearer to the loud parts than this no frame counts as noise: that is where quiet speech lies.
constexpr double kLeastBelowLoudDb = 12.0;

double LoudDbfs(const Intensity& intensity) { return Quantile(intensity.level_dbfs, 0.99); }

}  // namespace

bool IsSounding(double time_s, const std::vector<SoundingInterval>& sounding) {
  return std::any_of(sounding.begin(), sounding.end(), [time_s](const SoundingInterval& interval) {
    return time_s >= interval.start_s && time_s <= interval.end_s;
  });
}

double SoundingThresholdDbfs(const Intensity& intensity, const SilenceParameters& parameters) {
  if (intensity.level_dbfs.empty()) return std::numeric_limits<double>::infinity();
  const double loud_dbfs = LoudDbfs(intensity);
  if (loud_dbfs < kInaudibleDbfs) return std::numeric_limits<double>::infinity();
  const double plain = loud_dbfs + parameters.silence_threshold_db;
  const double above_noise = Quantile(intensity.level_dbfs, 0.05) + kNoiseSpreadDb;
  return std::max(plain, std::min(above_noise, loud_dbfs - kLeastBelowLoudDb));
}

std::vector<SoundingInterval> FindSounding(const Intensity& intensity, double duration_s, const SilenceParameters& parameters) {
  const double threshold_dbfs = SoundingThresholdDbfs(intensity, parameters);
  const FrameGrid& grid = intensity.grid;
  std::vector<SoundingInterval> joined;
  for (std::size_t i = 0; i < grid.count; ++i) {
    if (!(intensity.level_dbfs[i] > threshold_dbfs)) continue;
    // A frame stands for the time halfway to its neighbours, the outermost ones for all up to the recording's ends.
    const double start_s = i == 0 ? 0.0 : grid.TimeOf(i) - grid.step_s / 2.0;
    const double end_s = i + 1 == grid.count ? duration_s : grid.TimeOf(i) + grid.step_s / 2.0;
    if (!joined.empty() && start_s - joined.back().end_s < parameters.minimum_silent_interval_s) {
      joined.back().end_s = end_s;
    } else {
      joined.push_back({start_s, end_s});
    }
  }
  std::erase_if(joined, [&](const SoundingInterval& interval) {
    return interval.end_s - interval.start_s < parameters.minimum_sounding_interval_s;
  });
  return joined;
}

}  // namespace speechcoach::prosody
