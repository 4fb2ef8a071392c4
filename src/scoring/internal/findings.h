// What is true of a recording and worth saying: the only place that decides it. Every value quoted comes from the evidence or
// the scores; praise needs its threshold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scoring/internal/speech_measures.h"
#include "scoring/internal/wording.h"
#include "scoring/scoring.h"

namespace speechcoach::scoring {

// A score from here on is praised.
inline constexpr double kPraiseFrom = 7.5;
// Below it confidence is called hesitant.
inline constexpr double kHesitantBelow = 5.0;
// Spread of the pitch, in semitones: below the first a voice is called flat, from the second on lively.
inline constexpr double kFlatBelowSemitones = 1.3;
inline constexpr double kLivelyFromSemitones = 2.5;

struct Remark {
  Topic topic = Topic::kSpokeUp;
  double weight = 0.0;  // what matters more to the listener comes first
  PhraseValues values{};
  std::optional<Topic> tip{};  // listed after it, with the same values
};

struct Findings {
  std::vector<Remark> praises;   // best first; at least one
  std::vector<Remark> advice;    // most useful first; at least one
  std::vector<Remark> unknowns;  // what this recording could not show
  std::vector<Remark> notes;     // on melody, pauses and pace
};

Findings FindRemarks(const Evidence& evidence, const ScoreReport& report, const SpeechMeasures& speech);

}  // namespace speechcoach::scoring
