// What the server says: the ServerMessage of contract/ws.schema.json, as text ready to be sent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/ws/chunk_order.h"
#include "base/result.h"
#include "model/session.h"
#include "pipeline/live_listener.h"
#include "pipeline/session_events.h"

namespace speechcoach::api {

inline constexpr std::string_view kProtocolVersion = "speechcoach.v1";

// What every message of a session begins with.
struct Stamp {
  std::string_view session_id;
  std::int64_t event = 0;  // the session's newest event that this client was sent
  std::int64_t at_ms = 0;
};

struct ErrorDetails {
  base::ErrorCode code = base::ErrorCode::kInternal;
  model::Locale locale = model::Locale::kVi;
  std::string field{};
  std::string client_ref{};
};

std::string HelloMessage(std::int64_t at_ms, const RecordingLimits& limits, int resume_window_s);
// `turn`: of a conversation; 0: it is none.
std::string SessionStartedMessage(const Stamp& stamp, std::uint32_t stream_id, const RecordingLimits& limits, int turn,
                                  std::string_view client_ref);
std::string TurnStartedMessage(const Stamp& stamp, int turn, std::uint32_t stream_id, const RecordingLimits& limits);
// The learner has been silent for long enough: the turn's recording ends with `last_seq`.
std::string TurnEndedMessage(const Stamp& stamp, int turn, std::uint32_t last_seq);
// `points`: how the voice went since the last such message, 20 ms apart.
std::string LevelMessage(const Stamp& stamp, std::uint32_t seq, const Loudness& loudness,
                         std::span<const pipeline::VoicePoint> points);
// Everything below `next_seq` is safe.
std::string AckMessage(const Stamp& stamp, std::uint32_t next_seq);
std::string ChunkRequestMessage(const Stamp& stamp, const SeqRange& missing);
std::string CancelledMessage(const Stamp& stamp);
// `stream_id`: 0 where no recording goes on. `turn`: of a conversation, that under way or to come next; 0: none.
std::string ResumedMessage(const Stamp& stamp, model::SessionStatus state, std::uint32_t next_seq, std::uint32_t stream_id,
                           int turn);
std::string PongMessage(std::int64_t at_ms, const std::optional<std::string>& nonce);
std::string GoingAwayMessage(std::int64_t at_ms);
// An answer to a message that could not be served; with a session_id where the stamp has one.
std::string ErrorMessage(const Stamp& stamp, const ErrorDetails& details);
// An event of an analysis.
std::string EventMessage(const pipeline::SessionEvent& event, model::Locale locale);
// The same, of an event that has no number of its own: with that of the newest one that has.
std::string WithEventNumber(std::string message, std::int64_t event);

}  // namespace speechcoach::api
