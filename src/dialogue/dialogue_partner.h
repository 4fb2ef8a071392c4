// A partner to talk with in English, at the learner's level, about one topic.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/conversation.h"

namespace speechcoach::dialogue {

using model::CoachTurn;
using model::Correction;

// Where a conversation stands: plain data that its owner keeps between turns, also across processes.
struct DialogueState {
  std::string topic = {};               // id
  std::string level = {};               // CEFR "A1" to "C1"
  std::string node = {};                // of the topic's tree; empty before the first turn
  std::vector<std::string> turns = {};  // partner and learner in turn, the partner first
  std::string session_id = {};          // whom a paid call is counted for: empty or 0: nobody
  std::int64_t user_id = 0;
};

// As one JSON document, and back. Errors: kBadJson.
std::string ToJson(const DialogueState& state);
base::Result<DialogueState> DialogueStateFrom(std::string_view json);

// Thread-safe. The state is changed only where a turn is returned. Both calls may block for as long as a language model may take.
class DialoguePartner {
 public:
  virtual ~DialoguePartner() = default;

  // Errors: kNotFound (topic), kCancelled.
  virtual base::Result<CoachTurn> Begin(DialogueState& state, std::stop_token stop = {}) = 0;
  // `heard`: the transcript of the learner's turn; may be empty. Errors: kNotFound (topic), kWrongState (not begun, or over),
  // kCancelled.
  virtual base::Result<CoachTurn> Reply(DialogueState& state, std::string_view heard, std::stop_token stop = {}) = 0;
};

}  // namespace speechcoach::dialogue
