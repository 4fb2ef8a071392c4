#include "pipeline/retention.h"

#include <vector>

#include "pipeline/conversations.h"
#include "pipeline/session_state.h"

namespace speechcoach::pipeline {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr int kBatch = 100;

// What was said and what was written about it; scores, durations and the voice's figures stay.
void DropTexts(model::Analysis& analysis) {
  analysis.transcript = {};
  analysis.miscues.clear();
  analysis.pronunciation.reset();
  const model::DetailedFeedback labels = analysis.feedback.detailed;
  analysis.feedback = {};
  analysis.feedback.detailed.emotion_detected = labels.emotion_detected;
  analysis.feedback.detailed.confidence_level = labels.confidence_level;
}

}  // namespace

base::Result<Retention::Swept> Retention::Sweep(const std::stop_token& stop) {
  Swept swept;
  const std::int64_t now_ms = parts_.clock->NowMs();
  if (const base::Status dropped = parts_.accounts->DropExpiredTokens(now_ms); !dropped.ok()) return dropped.error();
  if (const base::Status dropped = parts_.retention->DropAnswersBefore(now_ms - kDayMs); !dropped.ok()) return dropped.error();
  if (config_.keep_audio_days > 0) {
    const auto count = SweepAudio(now_ms - config_.keep_audio_days * kDayMs, stop);
    if (!count.ok()) return count.error();
    swept.recordings = *count;
  }
  if (config_.keep_transcripts_days > 0) {
    const auto count = SweepTexts(now_ms - config_.keep_transcripts_days * kDayMs, stop);
    if (!count.ok()) return count.error();
    swept.texts = *count;
  }
  if (config_.keep_access_log_days > 0) {
    const auto count = parts_.retention->DropAccessesBefore(now_ms - config_.keep_access_log_days * kDayMs);
    if (!count.ok()) return count.error();
    swept.accesses = *count;
  }
  return swept;
}

base::Status Retention::ForEachTurn(const model::Session& session, const std::function<base::Status(model::Turn&)>& change) {
  if (session.mode != model::Mode::kConversation) return {};
  auto turns = parts_.turns->Of(session.id);
  if (!turns.ok()) return turns.error();
  for (model::Turn& turn : *turns) {
    if (const base::Status changed = change(turn); !changed.ok()) return changed;
    if (const base::Status kept = parts_.turns->Update(turn); !kept.ok()) return kept;
  }
  return {};
}

// The recording goes before the row says so: a row that points to nothing is found again by the next sweep.
base::Result<int> Retention::SweepAudio(std::int64_t before_ms, const std::stop_token& stop) {
  int count = 0;
  while (true) {
    const auto old = parts_.retention->WithAudioBefore(before_ms, kBatch);
    if (!old.ok()) return old.error();
    if (old->empty()) return count;
    for (const model::Session& session : *old) {
      if (stop.stop_requested()) return count;
      const base::Status turns = ForEachTurn(session, [this](model::Turn& turn) -> base::Status {
        if (turn.audio_key.empty()) return {};
        if (const base::Status deleted = parts_.blobs->Delete(turn.audio_key); !deleted.ok()) return deleted;
        turn.audio_key.clear();
        return {};
      });
      if (!turns.ok()) return turns.error();
      if (const base::Status deleted = parts_.blobs->Delete(session.audio_key); !deleted.ok()) return deleted.error();
      if (const base::Status dropped = parts_.retention->DropAudio(session.id, session.audio_key); !dropped.ok())
        return dropped.error();
      ++count;
    }
  }
}

base::Result<int> Retention::SweepTexts(std::int64_t before_ms, const std::stop_token& stop) {
  int count = 0;
  while (true) {
    const auto old = parts_.retention->WithTextBefore(before_ms, kBatch);
    if (!old.ok()) return old.error();
    int changed = 0;
    for (model::Session session : *old) {
      if (stop.stop_requested()) return count + changed;
      if (!session.analysis) continue;
      const base::Status turns = ForEachTurn(session, [](model::Turn& turn) -> base::Status {
        turn.coach = {};
        turn.dialogue.clear();
        if (turn.analysis) DropTexts(*turn.analysis);
        return {};
      });
      if (!turns.ok()) return turns.error();
      const model::SessionStatus before = session.status;
      if (const base::Status ended = EndIfWaiting(session); !ended.ok()) return ended.error();
      if (!session.sentence_id) session.reference_text.clear();
      DropTexts(*session.analysis);
      const base::Status updated = parts_.sessions->UpdateIfStatus(session, before);
      // Being analysed again just now: the next sweep finds it.
      if (!updated.ok() && updated.error().code == base::ErrorCode::kWrongState) continue;
      if (!updated.ok()) return updated.error();
      if (const base::Status counted = parts_.progress->Count(session); !counted.ok()) return counted.error();
      ++changed;
    }
    count += changed;
    if (changed == 0) return count;
  }
}

base::Status Retention::EndIfWaiting(model::Session& session) {
  if (session.status != model::SessionStatus::kAwaitingAudio) return {};
  const auto turns = parts_.turns->Of(session.id);
  if (!turns.ok()) return turns.error();
  session.status = StatusWithoutMore(session, Conversations::NewestAnswered(*turns));
  session.error.reset();
  session.completed_at_ms = parts_.clock->NowMs();
  return {};
}

base::Status Retention::EraseUser(std::int64_t user_id) {
  const auto keys = parts_.retention->AudioKeysOf(user_id);
  if (!keys.ok()) return keys.error();
  for (const std::string& key : *keys) {
    if (const base::Status deleted = parts_.blobs->Delete(key); !deleted.ok()) return deleted;
  }
  return parts_.retention->EraseUser(user_id);
}

}  // namespace speechcoach::pipeline
