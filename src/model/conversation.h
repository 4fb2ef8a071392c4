// A conversation: one session, several turns, each a recording of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/session.h"

namespace speechcoach::model {

// What the partner would say otherwise. Grammar and vocabulary only: how it sounded is pronunciation's matter.
struct Correction {
  enum class Kind { kGrammar, kVocabulary };
  Kind kind = Kind::kGrammar;
  std::string said;    // as the learner said it
  std::string better;  // may be empty where `why_vi` says it all
  std::string why_vi;
};

struct CoachTurn {
  std::string say;                      // English, short
  std::string help_vi;                  // what the learner could say next
  std::vector<Correction> corrections;  // of the learner's turn before it; at most two
  bool is_last = false;
};

// One exchange: what the coach says, then what the learner answers. The first one's coach opens the conversation; the last one's
// says goodbye, and has no answer.
struct Turn {
  std::string session_id;
  int number = 0;  // 1, 2, 3, ... within the session
  CoachTurn coach;
  std::string dialogue;   // where the conversation stands then, as its partner keeps it; empty once forgotten
  std::string audio_key;  // the answer, in the blob store; empty where none is kept
  std::string audio_format;
  std::int64_t audio_size_bytes = 0;
  std::optional<base::Error> error;  // why the answer could not be analysed
  std::optional<Analysis> analysis;  // of the answer
  std::int64_t created_at_ms = 0;    // UTC, since the epoch
  std::int64_t completed_at_ms = 0;  // 0 until the answer was analysed, or could not be

  bool is_over() const { return completed_at_ms != 0; }
};

// The names on the wire: "grammar", "vocabulary".
std::string_view Name(Correction::Kind kind);

}  // namespace speechcoach::model
