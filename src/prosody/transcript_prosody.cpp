#include "prosody/transcript_prosody.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>

#include "prosody/filled_pauses.h"
#include "prosody/statistics.h"
#include "prosody/word_text.h"

namespace speechcoach::prosody {
namespace {

// Recognisers put a word's edge this far from where it is heard.
constexpr double kWordTimeError_s = 0.15;

// The word before which the sentence stands still during [start_s, end_s]; absent where that is inside a word, or outside all.
std::optional<std::size_t> WordAfter(double start_s, double end_s, const std::vector<model::Word>& words) {
  std::optional<std::size_t> best;
  double best_s = kWordTimeError_s;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const double joint_s = (words[i - 1].end_s + words[i].start_s) / 2.0;
    const double distance_s = std::max({0.0, start_s - joint_s, joint_s - end_s});
    // Inside the pause, the joint nearest to its middle wins.
    const double rank_s = distance_s > 0.0 ? distance_s : -1.0 + 0.1 * std::abs(joint_s - (start_s + end_s) / 2.0);
    if (rank_s < best_s) {
      best = i;
      best_s = rank_s;
    }
  }
  return best;
}

bool IsJoint(const model::Word& before, const model::Word& after) {
  return EndsWithPunctuation(before.text) || (!IsFunctionWord(before.text) && IsFunctionWord(after.text)) ||
         IsFiller(before.text);
}

double Overlap_s(double a_start, double a_end, double b_start, double b_end) {
  return std::max(0.0, std::min(a_end, b_end) - std::max(a_start, b_start));
}

// Replaces what is there by its distance from the mean in standard deviations; 0 where it is absent or all are equal.
void Standardise(std::vector<std::optional<double>>& values) {
  std::vector<double> present;
  for (const std::optional<double>& value : values) {
    if (value) present.push_back(*value);
  }
  const double mean = Mean(present);
  const double deviation = StandardDeviation(present);
  for (std::optional<double>& value : values) value = value && deviation > 1e-9 ? (*value - mean) / deviation : 0.0;
}

}  // namespace

void PlacePauses(model::ProsodyReport& report, const std::vector<model::Word>& words) {
  for (model::Pause& pause : report.pauses.positions) {
    const std::optional<std::size_t> after = WordAfter(pause.start_s, pause.end_s, words);
    const bool joint = after && IsJoint(words[*after - 1], words[*after]);
    pause.place = joint ? model::PausePlace::kBoundary : model::PausePlace::kWithinPhrase;
  }
}

void JoinFilledPauses(model::ProsodyReport& report, const std::vector<model::Word>& words) {
  std::vector<model::FilledPause>& filled = report.rhythm.filled_pauses;
  std::erase_if(filled, [&](const model::FilledPause& pause) {
    double covered_s = 0.0;
    for (const model::Word& word : words) {
      if (!IsFiller(word.text)) covered_s += Overlap_s(pause.start_s, pause.end_s, word.start_s, word.end_s);
    }
    return covered_s > 0.5 * (pause.end_s - pause.start_s);
  });
  for (const model::Word& word : words) {
    if (!IsFiller(word.text) || !(word.end_s > word.start_s)) continue;
    const bool known = std::ranges::any_of(filled, [&](const model::FilledPause& pause) {
      return Overlap_s(pause.start_s, pause.end_s, word.start_s, word.end_s) > 0.0;
    });
    if (!known) filled.push_back({word.start_s, word.end_s});
  }
  std::ranges::sort(filled, {}, &model::FilledPause::start_s);
}

std::vector<model::Phrase> PhrasesOfWords(const model::ProsodyReport& report, const std::vector<model::Word>& words) {
  std::vector<bool> begins(words.size(), false);
  std::vector<double> silent_from_s(words.size(), 0.0);
  std::vector<double> silent_to_s(words.size(), 0.0);
  for (const model::Pause& pause : report.pauses.positions) {
    if (const std::optional<std::size_t> after = WordAfter(pause.start_s, pause.end_s, words)) {
      begins[*after] = true;
      silent_from_s[*after] = pause.start_s;
      silent_to_s[*after] = pause.end_s;
    }
  }
  std::vector<model::Phrase> phrases;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i == 0 || begins[i] || EndsWithPunctuation(words[i - 1].text)) {
      model::Phrase phrase;
      phrase.first_word = i;
      phrase.start_s = std::max(report.speech_start_s, i > 0 && begins[i] ? silent_to_s[i] : words[i].start_s);
      if (!phrases.empty() && begins[i]) phrases.back().end_s = silent_from_s[i];
      phrases.push_back(phrase);
    }
    phrases.back().last_word = i;
    phrases.back().end_s = std::min(words[i].end_s, report.speech_end_s);
  }
  // The last word's end is where the voice ends, whatever the recogniser made of it.
  if (!phrases.empty()) phrases.back().end_s = std::max(phrases.back().end_s, report.speech_end_s);
  for (model::Phrase& phrase : phrases) phrase.end_s = std::max(phrase.end_s, phrase.start_s);
  return phrases;
}

std::vector<model::WordProsody> MeasureWords(const model::ProsodyReport& report, const std::vector<model::Word>& words) {
  constexpr std::size_t kFewestWords = 3;
  constexpr double kProminent = 0.5;
  std::vector<model::WordProsody> measured(words.size());
  for (std::size_t i = 0; i < words.size(); ++i)
    measured[i].expected = !IsFunctionWord(words[i].text) && !IsFiller(words[i].text);
  if (words.size() < kFewestWords || report.minimal) return measured;

  const double slope = report.melody.declination_st_per_s.value_or(0.0);
  std::vector<std::optional<double>> heights(words.size());
  std::vector<std::optional<double>> levels(words.size());
  std::vector<std::optional<double>> lengths(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto inside = [&](double time_s) { return time_s >= words[i].start_s && time_s <= words[i].end_s; };
    std::vector<double> word_heights;
    for (const model::PitchPoint& point : report.pitch.contour) {
      if (point.f0_hz > 0.0 && inside(point.time_s)) {
        word_heights.push_back(Semitones(point.f0_hz) - slope * (point.time_s - report.speech_start_s));
      }
    }
    if (word_heights.size() >= 3) heights[i] = Quantile(std::move(word_heights), 0.9);
    double vocalic_s = 0.0;
    std::size_t syllables = 0;
    for (const model::Syllable& syllable : report.syllables) {
      if (!inside(syllable.time_s)) continue;
      levels[i] = std::max(levels[i].value_or(syllable.level_dbfs), syllable.level_dbfs);
      vocalic_s += syllable.end_s - syllable.start_s;
      ++syllables;
    }
    if (syllables > 0) lengths[i] = vocalic_s / static_cast<double>(syllables);
  }
  // A word without a syllable of its own is swallowed: as far below the mean as the softest of the others.
  std::array<std::vector<std::optional<double>>*, 3> cues{&heights, &levels, &lengths};
  for (std::vector<std::optional<double>>* cue : cues) {
    std::optional<double> lowest;
    for (const std::optional<double>& value : *cue) {
      if (value) lowest = std::min(lowest.value_or(*value), *value);
    }
    for (std::optional<double>& value : *cue) {
      if (!value) value = lowest;
    }
    Standardise(*cue);
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    measured[i].prominence = (*heights[i] + *levels[i] + *lengths[i]) / 3.0;
    measured[i].prominent = measured[i].prominence >= kProminent;
  }
  return measured;
}

}  // namespace speechcoach::prosody
