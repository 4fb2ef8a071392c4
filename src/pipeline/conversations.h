// Sessions that are conversations: their turns, and what the coach says in them.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "dialogue/dialogue_partner.h"
#include "model/conversation.h"
#include "pipeline/session_events.h"
#include "storage/turn_repository.h"

namespace speechcoach::pipeline {

// Thread-safe; every call blocks on the database. What is given outlives it. Errors: kStorageUnavailable.
class Conversations {
 public:
  // `partner` answers; it may take as long as a language model does.
  Conversations(storage::TurnRepository& turns, dialogue::DialoguePartner& partner, SessionEvents& events,
                const base::Clock& clock)
      : turns_(turns), partner_(partner), events_(events), clock_(clock) {}

  static bool IsTopic(std::string_view topic);

  // The coach opens the conversation, in the topic's own words. kNotFound (topic).
  base::Status Begin(const model::Session& session, const std::string& topic, const std::string& level);

  // Empty where the session is no conversation.
  base::Result<std::vector<model::Turn>> Of(const std::string& session_id) { return turns_.Of(session_id); }

  // The turn whose answer the session's recording is.
  static const model::Turn* TurnOf(const std::vector<model::Turn>& turns, const model::Session& session);
  // The turn whose answer comes next; null where the coach has said goodbye.
  static const model::Turn* OpenTurn(const std::vector<model::Turn>& turns);
  // The newest turn whose answer was analysed, or could not be; null where there is none.
  static const model::Turn* NewestAnswered(const std::vector<model::Turn>& turns);

  // The coach answers what was heard, may be nothing, in the turn: told, and kept as the next one. Done once, however often it is called;
  // of several servers that answer at the same time the first one's words stay, and are told last. kCancelled, kNotFound (the session).
  base::Status Reply(const model::Turn& turn, std::string_view heard, std::stop_token stop);

  base::Status Keep(const model::Turn& turn) { return turns_.Update(turn); }

 private:
  void Tell(const model::Turn& turn);

  storage::TurnRepository& turns_;
  dialogue::DialoguePartner& partner_;
  SessionEvents& events_;
  const base::Clock& clock_;
};

}  // namespace speechcoach::pipeline
