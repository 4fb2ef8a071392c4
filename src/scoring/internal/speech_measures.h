// The evidence as a handful of finite numbers: the one place where missing, absurd or non-finite input is made harmless.
#pragma once

#include <optional>
#include <vector>

#include "model/prosody_report.h"
#include "scoring/scoring.h"

namespace speechcoach::scoring {

// Pauses from this length on are noticed by a listener as a break, not as phrasing.
inline constexpr double kLongPauseS = 0.7;

struct SpeechMeasures {
  double span_s = 0.0;               // first to last speech
  std::vector<model::Pause> pauses;  // in order, inside the span, none overlapping
  double pause_total_s = 0.0;
  double longest_pause_s = 0.0;
  int long_pauses = 0;             // of at least kLongPauseS
  double syllables = 0.0;          // of the words that were spoken; without a transcript, counted in the sound
  double speaking_rate = 0.0;      // syllables a second over the span
  double articulation_rate = 0.0;  // syllables a second without the pauses
  std::optional<double> words_per_minute;
  std::optional<double> pitch_sd_semitones;  // absent where the melody was not measured; 0 where nothing is voiced
  double level = 0.0;                        // [0, 1], as model::Energy::mean
  double dynamic_range = 0.0;                // [0, 1]
  double pitch_stability = 0.0;              // [0, 1]
  double energy_consistency = 0.0;           // [0, 1]
  double hesitation = 1.0;                   // [0, 1]
  bool word_list = false;                    // there is a transcript
  int words = 0;                             // in it

  // Somebody can be heard speaking; without it nothing can be scored.
  bool spoke() const { return span_s > 0.0 && (!word_list || words > 0); }
};

SpeechMeasures Measure(const Evidence& evidence);

// What was heard can be laid against a sentence that was to be read.
bool IsReading(const Evidence& evidence);

// Of each word of the transcript, whether a learner can be told of it by name: in a reading only what stands in the sentence and was
// heard there, since any other word is the recogniser's. Needs a transcript.
std::vector<bool> WordsToName(const Evidence& evidence);

// `value` within [low, high]; `otherwise` where it is not a number.
double Within(double value, double low, double high, double otherwise);

}  // namespace speechcoach::scoring
