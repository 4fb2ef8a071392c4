#include "pipeline/conversations.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "dialogue/scripted_partner.h"
#include "dialogue/topics.h"

namespace speechcoach::pipeline {

bool Conversations::IsTopic(std::string_view topic) { return dialogue::FindTopic(topic) != nullptr; }

base::Status Conversations::Begin(const model::Session& session, const std::string& topic, const std::string& level) {
  dialogue::DialogueState state{.topic = topic, .level = level, .session_id = session.id, .user_id = session.user_id};
  // Nothing was said yet that a language model could answer, and the learner waits.
  auto opening = dialogue::ScriptedPartner().Begin(state);
  if (!opening.ok()) return opening.error();
  model::Turn turn;
  turn.session_id = session.id;
  turn.number = 1;
  turn.coach = std::move(*opening);
  turn.dialogue = dialogue::ToJson(state);
  turn.created_at_ms = clock_.NowMs();
  if (const base::Status added = turns_.Add(turn); !added.ok()) return added;
  Tell(turn);
  return {};
}

const model::Turn* Conversations::TurnOf(const std::vector<model::Turn>& turns, const model::Session& session) {
  const auto its = std::ranges::find_if(
      turns, [&](const model::Turn& turn) { return !turn.audio_key.empty() && turn.audio_key == session.audio_key; });
  if (its != turns.end()) return &*its;
  const auto open = std::ranges::find_if(turns, [](const model::Turn& turn) { return !turn.is_over(); });
  return open != turns.end() ? &*open : nullptr;
}

const model::Turn* Conversations::OpenTurn(const std::vector<model::Turn>& turns) {
  const auto open = std::ranges::find_if(turns, [](const model::Turn& turn) { return !turn.is_over(); });
  return open != turns.end() && !open->coach.is_last ? &*open : nullptr;
}

const model::Turn* Conversations::NewestAnswered(const std::vector<model::Turn>& turns) {
  const auto newest = std::ranges::find_if(turns.rbegin(), turns.rend(), &model::Turn::is_over);
  return newest != turns.rend() ? &*newest : nullptr;
}

base::Status Conversations::Reply(const model::Turn& turn, std::string_view heard, std::stop_token stop) {
  const auto turns = turns_.Of(turn.session_id);
  if (!turns.ok()) return turns.error();
  if (std::ranges::find(*turns, turn.number + 1, &model::Turn::number) != turns->end()) return {};
  // Its texts were forgotten meanwhile: the conversation ends here.
  if (turn.dialogue.empty()) return {};
  auto state = dialogue::DialogueStateFrom(turn.dialogue);
  if (!state.ok()) return state.error();
  auto coach = partner_.Reply(*state, heard, stop);
  if (!coach.ok()) {
    if (coach.error().code == base::ErrorCode::kCancelled) return coach.error();
    base::Log(base::LogLevel::kWarning, "the coach has no answer",
              {{"session_id", turn.session_id}, {"reason", coach.error().message}});
    return {};
  }
  model::Turn next;
  next.session_id = turn.session_id;
  next.number = turn.number + 1;
  next.coach = std::move(*coach);
  next.dialogue = dialogue::ToJson(*state);
  next.created_at_ms = clock_.NowMs();
  // Told first: where the process dies in between, the coach answers anew, and the later answer is the one that counts.
  Tell(next);
  const base::Status added = turns_.Add(next);
  if (added.ok() || added.error().code != base::ErrorCode::kConflict) return added;
  const auto now = turns_.Of(turn.session_id);
  if (!now.ok()) return now.error();
  const auto kept = std::ranges::find(*now, next.number, &model::Turn::number);
  if (kept == now->end()) return {base::ErrorCode::kNotFound, "the session is gone"};
  Tell(*kept);
  return {};
}

void Conversations::Tell(const model::Turn& turn) { events_.Publish(turn.session_id, CoachTurnEvent{turn.number, turn.coach}); }

}  // namespace speechcoach::pipeline
