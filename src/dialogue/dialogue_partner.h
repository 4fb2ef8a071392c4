// A partner to talk with in English, at the learner's level, about one topic.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace speechcoach::dialogue {

// What the partner would say otherwise. Grammar and vocabulary only: how it sounded is pronunciation's matter.
struct Correction {
  enum class Kind { kGrammar, kVocabulary };
  Kind kind = Kind::kGrammar;
  std::string said;    // as the learner said it
  std::string better;  // may be empty where `why_vi` says it all
  std::string why_vi;
};

struct CoachTurn {
  std::string say;      // English, short
  std::string help_vi;  // what the learner could say next
  std::vector<Correction> corrections;  // of the learner's turn before it; at most two
  bool is_last = false;
};

// Where a conversation stands: plain data that its owner keeps between turns, also across processes.
struct DialogueState {
  std::string topic;  // id
  std::string level;  // CEFR "A1" to "C1"
  std::string node;   // of the topic's tree; empty before the first turn
  std::vector<std::string> turns;  // partner and learner in turn, the partner first
};

// Thread-safe. The state is changed only where a turn is returned.
class DialoguePartner {
 public:
  virtual ~DialoguePartner() = default;

  // Errors: kNotFound (topic).
  virtual base::Result<CoachTurn> Begin(DialogueState& state) = 0;
  // `heard`: the transcript of the learner's turn; may be empty. Errors: kNotFound (topic), kWrongState (not begun, or over).
  virtual base::Result<CoachTurn> Reply(DialogueState& state, std::string_view heard) = 0;
};

}  // namespace speechcoach::dialogue
