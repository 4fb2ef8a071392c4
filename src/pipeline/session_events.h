// What happens to a session, for those who watch it live.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "base/result.h"
#include "model/conversation.h"
#include "model/session.h"
#include "pronunciation/live_hints.h"
#include "storage/repositories.h"

namespace speechcoach::pipeline {

struct ProgressEvent {
  int percent = 0;  // 0-100; published ones that would go back are left out, until a result or a final error
  model::Stage stage = model::Stage::kListening;
  std::optional<int> ahead = {};  // before the analysis has begun, at 0 percent: so many recordings are analysed before this one
};
inline constexpr ProgressEvent kAllDone{100, model::Stage::kFeedback};
struct TranscriptionEvent {
  model::Transcript transcript;
  bool is_final = true;
  std::size_t stable_words = 0;  // not final: the first so many words will not change
};
struct ProsodyEvent {
  model::ProsodyReport report;
};
struct PronunciationEvent {
  model::PronunciationReport report;
};
struct CompleteEvent {
  model::Analysis analysis;
  int turn = 0;  // of a conversation; 0: it is none
};
struct ErrorEvent {
  base::Error error;
  model::Stage stage = model::Stage::kListening;
  int turn = 0;  // where the whole answer of a conversation failed; 0 otherwise
};
// What the coach says, which opens that turn of the conversation.
struct CoachTurnEvent {
  int turn = 1;
  model::CoachTurn coach;
};

// A sound that is plainly wrong, while the learner still speaks.
struct HintEvent {
  pronunciation::LiveHint hint;
};
// The feedback while it is written; the whole of it comes with CompleteEvent.
struct FeedbackDeltaEvent {
  std::string text;
  bool restart = false;  // another writer begins: what came before is void
};

using EventPayload = std::variant<ProgressEvent, TranscriptionEvent, ProsodyEvent, PronunciationEvent, FeedbackDeltaEvent,
                                  CompleteEvent, ErrorEvent, CoachTurnEvent, HintEvent>;

// Kept until its session's watchers have long gone, and replayed to those who come back. The others (progress, partial
// transcripts, hints, feedback under way) are worth something only while they are new.
bool IsKept(const EventPayload& payload);

// Nothing more comes of this analysis.
bool IsEnd(const EventPayload& payload);
// The turn of a conversation that it ends, 0: it is none. Of an end only.
int EndedTurn(const EventPayload& end);

struct SessionEvent {
  std::string session_id;
  std::int64_t number = 0;  // of a kept one: 1, 2, 3, ... within the session; 0 of others
  std::int64_t at_ms = 0;   // UTC, since the epoch
  EventPayload payload;
};

// Ends the subscription when destroyed; after that the handler is not called any more.
using Subscription = std::shared_ptr<void>;

// Thread-safe. Handlers are called on the publisher's thread, in order, and must return quickly (hand over to their own
// executor); they must not call the bus.
class SessionEvents {
 public:
  using Handler = std::function<void(const SessionEvent&)>;
  virtual ~SessionEvents() = default;

  // First the kept events after number `after`, then the newest progress, then those to come. May block, as Publish may.
  virtual Subscription Subscribe(const std::string& session_id, std::int64_t after, Handler handler) = 0;
  // A kept event is in the log before anyone hears of it. Where the log cannot be written it is told all the same, as one that
  // is not kept.
  virtual void Publish(const std::string& session_id, EventPayload payload) = 0;
  // The end of the analysis that was completed at that time (UTC, since the epoch), told once, whoever tells it and however many do so
  // in the same instant; before a result, that all is done. Ok: it is in the log, of now or of before. Otherwise kStorageUnavailable,
  // and it may have been told all the same, as above.
  virtual base::Status PublishEnd(const std::string& session_id, EventPayload end, std::int64_t completed_at_ms) = 0;
  // Another process may publish this session's events too: until one that ends the analysis, or nobody watches any more, the
  // log is looked into a few times a second.
  virtual void FollowLog(const std::string& session_id) = 0;
};

// The log of kept events is in `log`, which outlives it, or where it is null in memory: there it holds those of the last
// `kept_sessions` sessions that had any, and of all that are watched.
std::unique_ptr<SessionEvents> MakeSessionEvents(const base::Clock& clock, storage::EventRepository* log,
                                                 std::size_t kept_sessions = 1000);

}  // namespace speechcoach::pipeline
