// Which sentences a learner reads next: those whose review is due (spaced_repetition.h), then new ones that hold the sounds the learner
// most often gets wrong. Pure: the same in, the same out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/learning.h"
#include "model/people.h"
#include "model/progress.h"

namespace speechcoach::learning {

enum class PathReason {
  kDue,        // its review is due
  kAgain,      // read today, and not yet well enough to leave it
  kWeakSound,  // new, with sounds the learner gets wrong
  kNew,        // new
  kAhead,      // nothing else is left: its review is due later
};
std::string_view Name(PathReason reason);  // "due", "again", "weak_sound", "new", "ahead"

// A sound (ARPAbet), or a sentence's melody or stress, that goes wrong more often than this learner's others.
struct WeakSound {
  std::string sound;
  double fault_rate = 0.0;  // [0, 1]
};

struct PathItem {
  const model::Sentence* sentence = nullptr;  // one of LearnerState::sentences
  PathReason reason = PathReason::kNew;
  std::vector<std::string> focus;  // which of its focus sounds are weak ones
  std::optional<model::SentenceReview> review;
};

// Days since 1970-01-01 where the learner lives.
struct LearnerState {
  std::span<const model::Sentence> sentences;      // all there are for this learner
  std::span<const model::SentenceReview> reviews;  // of any sentences, in any order
  std::span<const model::SpeechCount> sounds;      // how often each sound was due and went wrong
  bool is_prosody_weak = false;
  std::string level;  // CEFR; empty: not said
  std::int64_t today = 0;
};

struct LearningPath {
  std::vector<PathItem> items;         // in the order to practise, each sentence once
  int due = 0;                         // of all sentences, also those beyond the limit
  std::vector<WeakSound> weak_sounds;  // the weakest first
};

// Due ones go first, the longest overdue for their interval before the others. New ones are chosen one by one, so that several
// weak sounds come up: what a sound adds is halved each time it has been chosen. Sentences more than one level above the learner's are
// left for last.
LearningPath PathFor(const LearnerState& learner, std::size_t limit);

// Those whose rate of faults, drawn towards the learner's own mean as if ten more had gone that way, lies above that mean.
std::vector<WeakSound> WeakSoundsOf(std::span<const model::SpeechCount> sounds);

}  // namespace speechcoach::learning
