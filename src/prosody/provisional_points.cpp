#include "prosody/provisional_points.h"

namespace speechcoach::prosody {

std::vector<ProvisionalPoint> NewPoints(const ProsodyAnalysis& analysis, std::size_t& told) {
  // Half a window, and what comes after it: the path needs to see how a stretch goes on before a frame of it is told.
  constexpr double kLookahead_s = 0.1;
  const PitchTrack track = analysis.ProvisionalPitch(told, kLookahead_s);
  std::vector<ProvisionalPoint> points;
  points.reserve(track.frames.size());
  for (std::size_t i = 0; i < track.frames.size(); ++i) {
    const double time_s = track.grid.TimeOf(i);
    points.push_back({time_s, track.frames[i].f0_hz, analysis.ProvisionalLevel(time_s)});
  }
  told += points.size();
  return points;
}

}  // namespace speechcoach::prosody
