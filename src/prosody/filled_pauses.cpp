#include "prosody/filled_pauses.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "prosody/formants.h"
#include "prosody/statistics.h"
#include "prosody/word_text.h"

namespace speechcoach::prosody {
namespace {

constexpr double kShortestAlone_s = 0.25;    // between two pauses
constexpr double kShortestBefore_s = 0.35;   // running into a pause from other speech
constexpr double kBesidePause_s = 0.12;      // the closing [m] and the breath that belong to it
constexpr double kLargestMovement_st = 1.5;  // of the middle 80 % of it
constexpr double kLargestSwell_db = 7.0;
constexpr double kLargestFormantChange = 0.15;
constexpr double kLowestF2Hz = 900.0;  // a central vowel's second resonance
constexpr double kHighestF2Hz = 1900.0;

bool Differ(double a, double b) { return std::abs(a - b) > kLargestFormantChange * (a + b) / 2.0; }

bool IsSteady(const model::Syllable& syllable, const PitchTrack& pitch, const Intensity& level) {
  const double margin_s = 0.1 * (syllable.end_s - syllable.start_s);
  std::vector<double> heights;
  std::vector<double> levels;
  for (std::size_t i = 0; i < pitch.frames.size(); ++i) {
    const double time_s = pitch.grid.TimeOf(i);
    if (time_s < syllable.start_s + margin_s || time_s > syllable.end_s - margin_s) continue;
    if (!pitch.frames[i].voiced()) return false;
    heights.push_back(Semitones(pitch.frames[i].f0_hz));
    levels.push_back(level.LevelAt(time_s));
  }
  if (heights.size() < 5) return false;
  const auto [low, high] = std::ranges::minmax(heights);
  const auto [soft, loud] = std::ranges::minmax(levels);
  return high - low <= kLargestMovement_st && loud - soft <= kLargestSwell_db;
}

bool IsCentralVowel(std::span<const float> samples, const model::Syllable& syllable) {
  const double length_s = syllable.end_s - syllable.start_s;
  const std::optional<VowelQuality> early = LowestTwo(DefaultFormants().At(samples, syllable.start_s + 0.25 * length_s));
  const std::optional<VowelQuality> late = LowestTwo(DefaultFormants().At(samples, syllable.start_s + 0.7 * length_s));
  if (!early || !late) return false;
  const auto central = [](const VowelQuality& vowel) { return vowel.f2_hz >= kLowestF2Hz && vowel.f2_hz <= kHighestF2Hz; };
  return central(*early) && central(*late) && !Differ(early->f1_hz, late->f1_hz) && !Differ(early->f2_hz, late->f2_hz);
}

}  // namespace

std::vector<model::FilledPause> FindFilledPauses(std::span<const float> samples, const std::vector<model::Syllable>& syllables,
                                                 const model::Pauses& pauses, const PitchTrack& pitch, const Intensity& level) {
  std::vector<model::FilledPause> found;
  for (const model::Syllable& syllable : syllables) {
    const double length_s = syllable.end_s - syllable.start_s;
    if (length_s < kShortestAlone_s) continue;
    const bool into_pause = std::ranges::any_of(pauses.positions, [&](const model::Pause& pause) {
      return pause.start_s > syllable.time_s && pause.start_s - syllable.end_s <= kBesidePause_s;
    });
    const bool out_of_pause = std::ranges::any_of(pauses.positions, [&](const model::Pause& pause) {
      return pause.end_s < syllable.time_s && syllable.start_s - pause.end_s <= kBesidePause_s;
    });
    if (!into_pause || (!out_of_pause && length_s < kShortestBefore_s)) continue;
    if (IsSteady(syllable, pitch, level) && IsCentralVowel(samples, syllable))
      found.push_back({syllable.start_s, syllable.end_s});
  }
  return found;
}

bool IsFiller(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kFillers{"um",  "umm", "uhm", "uh", "uhh", "er",
                                                             "erm", "em",  "hmm", "hm", "mm",  "ehm"};
  return std::ranges::find(kFillers, PlainWord(word)) != kFillers.end();
}

}  // namespace speechcoach::prosody
