#include "prosody/vocalic_parts.h"

#include <algorithm>

namespace speechcoach::prosody {
namespace {

constexpr double kLeftDropDb = 3.0;
constexpr double kRightDropDb = 9.0;

// Walks from `nucleus` towards `limit` (exclusive) as long as the voice goes on and the level holds; the last frame reached.
std::size_t Reach(std::size_t nucleus, std::size_t limit, double drop_db, const PitchTrack& pitch, const Intensity& level) {
  const double lowest_dbfs = level.level_dbfs[nucleus] - drop_db;
  const std::ptrdiff_t step = limit < nucleus ? -1 : 1;
  std::size_t frame = nucleus;
  while (frame != limit) {
    const auto next = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(frame) + step);
    if (level.level_dbfs[next] < lowest_dbfs || !(pitch.F0At(level.grid.TimeOf(next)) > 0.0)) break;
    frame = next;
  }
  return frame;
}

}  // namespace

std::vector<model::Syllable> FindVocalicParts(const std::vector<double>& nuclei_s, const PitchTrack& pitch,
                                              const Intensity& level) {
  std::vector<model::Syllable> syllables;
  if (level.level_dbfs.empty()) return syllables;
  std::vector<std::size_t> frames;
  for (const double time_s : nuclei_s) frames.push_back(level.grid.NearestTo(time_s));
  const auto valley = [&](std::size_t a, std::size_t b) {
    const auto begin = level.level_dbfs.begin();
    return static_cast<std::size_t>(
        std::min_element(begin + static_cast<std::ptrdiff_t>(a), begin + static_cast<std::ptrdiff_t>(b) + 1) - begin);
  };
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::size_t first = i == 0 ? 0 : valley(frames[i - 1], frames[i]);
    const std::size_t last = i + 1 == frames.size() ? level.grid.count - 1 : valley(frames[i], frames[i + 1]);
    const double half_step_s = level.grid.step_s / 2.0;
    const double start_s = level.grid.TimeOf(Reach(frames[i], first, kLeftDropDb, pitch, level)) - half_step_s;
    const double end_s = level.grid.TimeOf(Reach(frames[i], last, kRightDropDb, pitch, level)) + half_step_s;
    model::Syllable syllable;
    syllable.time_s = nuclei_s[i];
    syllable.start_s = std::min(start_s, nuclei_s[i]);
    syllable.end_s = std::max(end_s, nuclei_s[i]);
    if (!syllables.empty()) syllable.start_s = std::max(syllable.start_s, std::min(syllables.back().end_s, nuclei_s[i]));
    syllable.f0_hz = pitch.F0At(nuclei_s[i]);
    syllable.level_dbfs = level.LevelAt(nuclei_s[i]);
    syllables.push_back(syllable);
  }
  return syllables;
}

}  // namespace speechcoach::prosody
