// What happens to a session, for those who watch it live.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "base/clock.h"
#include "model/session.h"

namespace speechcoach::pipeline {

struct ProgressEvent {
  int percent = 0;  // 0-100, never backwards within a session's run
  model::Stage stage = model::Stage::kListening;
};
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
};
struct ErrorEvent {
  base::Error error;
  model::Stage stage = model::Stage::kListening;
};

using EventPayload = std::variant<ProgressEvent, TranscriptionEvent, ProsodyEvent, PronunciationEvent, CompleteEvent, ErrorEvent>;

struct SessionEvent {
  std::string session_id;
  std::int64_t number = 0;  // 1, 2, 3, ... within the session
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

  // First the kept events after number `after`, then those to come. Of partial transcripts only the newest is kept.
  virtual Subscription Subscribe(const std::string& session_id, std::int64_t after, Handler handler) = 0;
  virtual void Publish(const std::string& session_id, EventPayload payload) = 0;
};

// In this process. Keeps the events of the last `kept_sessions` sessions that had any, and of all that are watched.
std::unique_ptr<SessionEvents> MakeInProcessEvents(const base::Clock& clock, std::size_t kept_sessions = 1000);

}  // namespace speechcoach::pipeline
