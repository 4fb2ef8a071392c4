#include "prosody/rhythm.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace speechcoach::prosody {
namespace {

constexpr std::size_t kFewestSyllables = 4;  // for an index that compares them
constexpr double kShortestRun_s = 0.05;

struct Stretch {
  double start_s = 0.0;
  double end_s = 0.0;
};

// The speech between pauses, silent and filled.
std::vector<Stretch> Runs(const model::ProsodyReport& report) {
  std::vector<Stretch> gaps;
  for (const model::Pause& pause : report.pauses.positions) gaps.push_back({pause.start_s, pause.end_s});
  for (const model::FilledPause& pause : report.rhythm.filled_pauses) gaps.push_back({pause.start_s, pause.end_s});
  std::ranges::sort(gaps, {}, &Stretch::start_s);
  std::vector<Stretch> runs;
  double from_s = report.speech_start_s;
  const auto add = [&](double to_s) {
    if (to_s - from_s >= kShortestRun_s) runs.push_back({from_s, to_s});
  };
  for (const Stretch& gap : gaps) {
    add(std::min(gap.start_s, report.speech_end_s));
    from_s = std::max(from_s, gap.end_s);
  }
  add(report.speech_end_s);
  return runs;
}

}  // namespace

void MeasureRhythm(model::ProsodyReport& report) {
  model::Rhythm rhythm;
  rhythm.filled_pauses = std::move(report.rhythm.filled_pauses);
  report.rhythm = std::move(rhythm);
  const double span_s = report.speech_end_s - report.speech_start_s;
  if (!(span_s > 0.0)) return;

  double speech_s = 0.0;
  double vocalic_s = 0.0;
  double variability = 0.0;
  std::size_t syllables = 0;
  std::size_t runs = 0;
  std::size_t pairs = 0;
  for (const Stretch& run : Runs(report)) {
    speech_s += run.end_s - run.start_s;
    const model::Syllable* before = nullptr;
    for (const model::Syllable& syllable : report.syllables) {
      if (syllable.time_s < run.start_s || syllable.time_s > run.end_s) continue;
      ++syllables;
      const double length_s = syllable.end_s - syllable.start_s;
      vocalic_s += length_s;
      if (before != nullptr) {
        const double other_s = before->end_s - before->start_s;
        const double mean_s = (length_s + other_s) / 2.0;
        if (mean_s > 0.0) {
          variability += std::abs(length_s - other_s) / mean_s;
          ++pairs;
        }
      } else {
        ++runs;
      }
      before = &syllable;
    }
  }
  double silent_s = 0.0;
  for (const model::Pause& pause : report.pauses.positions) silent_s += pause.end_s - pause.start_s;
  report.rhythm.phonation_ratio = std::clamp(1.0 - silent_s / span_s, 0.0, 1.0);
  if (speech_s > 0.0) report.rhythm.articulation_rate = static_cast<double>(syllables) / speech_s;
  if (runs > 0) {
    report.rhythm.mean_run_syllables = static_cast<double>(syllables) / static_cast<double>(runs);
    report.rhythm.mean_run_s = speech_s / static_cast<double>(runs);
  }
  if (syllables < kFewestSyllables) return;
  report.rhythm.percent_v = std::clamp(100.0 * vocalic_s / speech_s, 0.0, 100.0);
  if (pairs > 0) report.rhythm.npvi_v = 100.0 * variability / static_cast<double>(pairs);
}

void AddVowels(model::ProsodyReport& report, const std::vector<VowelInterval>& vowels) {
  const double span_s = report.speech_end_s - report.speech_start_s;
  if (vowels.empty() || !(span_s > 0.0)) return;
  std::vector<model::Syllable> syllables;
  for (const VowelInterval& vowel : vowels) {
    model::Syllable syllable;
    syllable.start_s = vowel.start_s;
    syllable.end_s = vowel.end_s;
    syllable.time_s = (vowel.start_s + vowel.end_s) / 2.0;
    const auto inside = [&](const model::Syllable& found) {
      return found.time_s >= vowel.start_s && found.time_s <= vowel.end_s;
    };
    if (const auto found = std::ranges::find_if(report.syllables, inside); found != report.syllables.end()) {
      syllable = *found;
      syllable.start_s = vowel.start_s;
      syllable.end_s = vowel.end_s;
    } else {
      const auto near = [&](const auto& contour) {
        return std::ranges::min_element(contour, {}, [&](const auto& point) { return std::abs(point.time_s - syllable.time_s); });
      };
      if (const auto pitch = near(report.pitch.contour); pitch != report.pitch.contour.end()) syllable.f0_hz = pitch->f0_hz;
      if (const auto level = near(report.energy.contour); level != report.energy.contour.end())
        syllable.level_dbfs = level->level_dbfs;
    }
    syllables.push_back(syllable);
  }
  report.syllables = std::move(syllables);
  report.speaking_rate.syllables_per_second = static_cast<double>(report.syllables.size()) / span_s;
  MeasureRhythm(report);
}

}  // namespace speechcoach::prosody
