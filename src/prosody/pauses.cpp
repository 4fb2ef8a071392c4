#include "prosody/pauses.h"

namespace speechcoach::prosody {

model::Pauses FindPauses(const std::vector<SoundingInterval>& sounding) {
  model::Pauses pauses;
  double total_s = 0.0;
  for (std::size_t i = 0; i + 1 < sounding.size(); ++i) {
    pauses.positions.push_back({sounding[i].end_s, sounding[i + 1].start_s});
    total_s += sounding[i + 1].start_s - sounding[i].end_s;
  }
  if (!pauses.positions.empty()) pauses.avg_duration_s = total_s / static_cast<double>(pauses.positions.size());
  return pauses;
}

}  // namespace speechcoach::prosody
