// Sounds that are plainly wrong, told while the learner still speaks: few, and hardly ever about a word that was said well.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/encoder_features.h"
#include "model/transcript.h"
#include "pronunciation/parameters.h"

namespace speechcoach::pronunciation {

// What was heard of a recording that goes on. Times are from the start of the recording in both parts. Everything referred to outlives the call.
struct HeardSoFar {
  const model::EncoderFeatures& features;  // may begin later than the words, where old sound was let go
  std::span<const model::Word> words;      // all so far, in time order
  std::size_t stable_words = 0;            // the first so many will not change
  std::size_t judged_words = 0;            // LiveHints::judged_words of the last time; 0 at first
};

struct LiveHint {
  std::size_t word = 0;  // index into HeardSoFar::words
  std::string text;      // as the sentence to be read has it, else as it was heard; without the punctuation around it
  double start_s = 0.0;  // of the word as it was heard
  double end_s = 0.0;
  std::string phone;  // ARPAbet without stress: "TH"
  std::string ipa;    // "θ"
  std::string heard;  // ARPAbet; empty where the sound was left out
  std::string heard_ipa;
  std::string tip_vi;  // never empty
  std::string tip_en;
  double confidence = 0.0;     // [0.5, 1], that the sound was another one or missing
  double log_ratio = 0.0;      // how much likelier the recording is so, in natural logarithms
  bool is_word_heard = false;  // the recogniser heard the word that was due, or there was no sentence to read
};

// From these log ratios on a sound is plainly wrong: less is enough where the recogniser did not hear the word that was to be read either.
// Chosen by tools/train/choose_hint_thresholds.py (docs/pronunciation.md).
struct HintThresholds {
  double if_other = 8.0;
  double if_heard = 13.0;
};

struct LiveHints {
  std::vector<LiveHint> hints;   // at most one a word, in reading order
  std::size_t judged_words = 0;  // words before it are judged for good; never less than what was given
};

// Immutable; thread-safe.
class HintFinder {
 public:
  virtual ~HintFinder() = default;

  // Judges the stable words from `judged_words` on, except those at the end of the sound, which it may not have heard whole. `reference_text` is
  // the sentence to be read, or empty: then the words are judged as they were heard. A few milliseconds for 10 s. Deterministic.
  virtual LiveHints Find(const HeardSoFar& heard, const std::string& reference_text) const = 0;
};

// With the phone head that is part of the program. Errors: kModelUnavailable.
base::Result<std::unique_ptr<HintFinder>> MakeHintFinder();
base::Result<std::unique_ptr<HintFinder>> MakeHintFinder(std::shared_ptr<const Parameters> parameters,
                                                         const HintThresholds& thresholds = {});

}  // namespace speechcoach::pronunciation
