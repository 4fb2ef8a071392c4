#include "api/ws/server_message.h"

#include <iterator>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "api/ws/client_message.h"
#include "api/ws/wire_error.h"
#include "json/model_json.h"
#include "model/user_message.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::string_view kServerVersion = SPEECHCOACH_VERSION;
constexpr int kGoingAwayRetryMs = 1000;

bj::object Begin(std::string_view type, const Stamp& stamp) {
  return {{"type", type}, {"session_id", stamp.session_id}, {"event", stamp.event}, {"at_ms", stamp.at_ms}};
}

bj::object LimitsJson(const RecordingLimits& limits) {
  return {{"max_seconds", limits.max_seconds}, {"max_bytes", limits.max_bytes}};
}

void AddError(bj::object& message, base::ErrorCode code, model::Locale locale, std::string_view field = {}) {
  const base::ErrorCode wire = WireCode(code);
  message["code"] = base::ErrorCodeName(wire);
  message["message"] = model::UserMessage(wire, locale, field);
  message["retryable"] = base::IsRetryable(wire);
  if (const int retry_after_ms = RetryAfterMs(wire); retry_after_ms > 0) message["retry_after_ms"] = retry_after_ms;
}

// Each kind of event adds its own fields to a message that already carries the stamp.
struct EventFields {
  bj::object& message;
  model::Locale locale;

  void operator()(const pipeline::ProgressEvent& progress) const {
    message["percent"] = progress.percent;
    message["stage"] = model::Name(progress.stage);
    if (progress.ahead) message["ahead"] = *progress.ahead;
  }
  void operator()(const pipeline::TranscriptionEvent& event) const {
    message["text"] = event.transcript.text;
    message["is_final"] = event.is_final;
    if (!event.is_final) message["stable_words"] = event.stable_words;
    message["confidence"] = event.transcript.confidence;
    message["words"] = json::ToJson(event.transcript.words);
  }
  void operator()(const pipeline::ProsodyEvent& event) const { message["prosody"] = json::ToJson(event.report); }
  void operator()(const pipeline::PronunciationEvent& event) const { message["pronunciation"] = json::ToJson(event.report); }
  void operator()(const pipeline::FeedbackDeltaEvent& event) const {
    message["text"] = event.text;
    if (event.restart) message["restart"] = true;
  }
  void operator()(const pipeline::CompleteEvent& event) const {
    const model::Analysis& analysis = event.analysis;
    const bool is_degraded = analysis.degraded_mode || !analysis.failures.empty();
    message["status"] = model::Name(is_degraded ? model::SessionStatus::kDegraded : model::SessionStatus::kCompleted);
    message["scores"] = json::ToJson(analysis.scores);
    message["feedback"] = json::ToJson(analysis.feedback);
    message["miscues"] = json::ToJson(analysis.miscues);
    message["degraded_mode"] = analysis.degraded_mode;
    message["processing_time_ms"] = analysis.times.total_ms;
    message["stage_times"] = json::ToJson(analysis.times);
    if (event.turn != 0) message["turn"] = event.turn;
  }
  void operator()(const pipeline::ErrorEvent& event) const {
    AddError(message, event.error.code, locale);
    // `listening` is no stage of the analysis: the recording as a whole failed.
    if (event.stage != model::Stage::kListening) message["stage"] = model::Name(event.stage);
    if (event.turn != 0) message["turn"] = event.turn;
  }
  void operator()(const pipeline::CoachTurnEvent& event) const {
    message["turn"] = event.turn;
    bj::object coach = json::ToJson(event.coach);
    for (auto& field : coach) message[field.key()] = std::move(field.value());
  }
  void operator()(const pipeline::HintEvent& event) const {
    const pronunciation::LiveHint& hint = event.hint;
    message["index"] = hint.word;
    message["word"] = hint.text;
    message["start_s"] = hint.start_s;
    message["end_s"] = hint.end_s;
    message["phone"] = hint.phone;
    message["ipa"] = hint.ipa;
    if (!hint.heard.empty()) {
      message["heard"] = hint.heard;
      message["heard_ipa"] = hint.heard_ipa;
    }
    message["tip_vi"] = hint.tip_vi;
    message["tip_en"] = hint.tip_en;
    message["confidence"] = hint.confidence;
  }
};

struct EventType {
  std::string_view operator()(const pipeline::ProgressEvent&) const { return "progress"; }
  std::string_view operator()(const pipeline::TranscriptionEvent&) const { return "transcription"; }
  std::string_view operator()(const pipeline::ProsodyEvent&) const { return "prosody_features"; }
  std::string_view operator()(const pipeline::PronunciationEvent&) const { return "pronunciation"; }
  std::string_view operator()(const pipeline::FeedbackDeltaEvent&) const { return "feedback_delta"; }
  std::string_view operator()(const pipeline::CompleteEvent&) const { return "analysis_complete"; }
  std::string_view operator()(const pipeline::ErrorEvent&) const { return "error"; }
  std::string_view operator()(const pipeline::CoachTurnEvent&) const { return "coach_turn"; }
  std::string_view operator()(const pipeline::HintEvent&) const { return "hint"; }
};

}  // namespace

std::string HelloMessage(std::int64_t at_ms, const RecordingLimits& limits, int resume_window_s) {
  return bj::serialize(bj::object{{"type", "hello"},
                                  {"at_ms", at_ms},
                                  {"version", kProtocolVersion},
                                  {"server", kServerVersion},
                                  {"audio",
                                   {{"formats", {"pcm_s16le", "pcm_f32le", "webm_opus", "ogg_opus"}},
                                    {"sample_rates", {{"min", kMinSampleRateHz}, {"max", kMaxSampleRateHz}}},
                                    {"max_seconds", limits.max_seconds},
                                    {"max_bytes", limits.max_bytes}}},
                                  {"resume_window_s", resume_window_s}});
}

std::string SessionStartedMessage(const Stamp& stamp, std::uint32_t stream_id, const RecordingLimits& limits, int turn,
                                  std::string_view client_ref) {
  bj::object message = Begin("session_started", stamp);
  message["stream_id"] = stream_id;
  message["limits"] = LimitsJson(limits);
  if (turn != 0) message["turn"] = turn;
  if (!client_ref.empty()) message["client_ref"] = client_ref;
  return bj::serialize(message);
}

std::string TurnStartedMessage(const Stamp& stamp, int turn, std::uint32_t stream_id, const RecordingLimits& limits) {
  bj::object message = Begin("turn_started", stamp);
  message["turn"] = turn;
  message["stream_id"] = stream_id;
  message["limits"] = LimitsJson(limits);
  return bj::serialize(message);
}

std::string TurnEndedMessage(const Stamp& stamp, int turn, std::uint32_t last_seq) {
  bj::object message = Begin("turn_ended", stamp);
  message["turn"] = turn;
  message["last_seq"] = last_seq;
  return bj::serialize(message);
}

// These two go out many times a second for each recording: put together by hand.
std::string LevelMessage(const Stamp& stamp, std::uint32_t seq, const Loudness& loudness,
                         std::span<const pipeline::VoicePoint> points) {
  std::string message =
      fmt::format(R"({{"type":"level","session_id":"{}","event":{},"at_ms":{},"seq":{},"rms_dbfs":{:.1f},"peak_dbfs":{:.1f})",
                  stamp.session_id, stamp.event, stamp.at_ms, seq, loudness.rms_dbfs, loudness.peak_dbfs);
  if (!points.empty()) {
    fmt::format_to(std::back_inserter(message), R"(,"pitch_from_s":{:.3f},"pitch_hz":[)", points.front().time_s);
    for (const pipeline::VoicePoint& point : points)
      fmt::format_to(std::back_inserter(message), "{}{:.1f}", &point == &points.front() ? "" : ",", point.f0_hz);
    message += ']';
  }
  return message += '}';
}

std::string AckMessage(const Stamp& stamp, std::uint32_t next_seq) {
  return fmt::format(R"({{"type":"ack","session_id":"{}","event":{},"at_ms":{},"next_seq":{}}})", stamp.session_id, stamp.event,
                     stamp.at_ms, next_seq);
}

std::string ChunkRequestMessage(const Stamp& stamp, const SeqRange& missing) {
  bj::object message = Begin("chunk_request", stamp);
  message["from_seq"] = missing.from;
  message["to_seq"] = missing.to;
  return bj::serialize(message);
}

std::string CancelledMessage(const Stamp& stamp) { return bj::serialize(Begin("cancelled", stamp)); }

std::string ResumedMessage(const Stamp& stamp, model::SessionStatus state, std::uint32_t next_seq, std::uint32_t stream_id,
                           int turn) {
  bj::object message = Begin("resumed", stamp);
  message["state"] = model::Name(state);
  message["next_seq"] = next_seq;
  if (stream_id != 0) message["stream_id"] = stream_id;
  if (turn != 0) message["turn"] = turn;
  return bj::serialize(message);
}

std::string PongMessage(std::int64_t at_ms, const std::optional<std::string>& nonce) {
  bj::object message{{"type", "pong"}, {"at_ms", at_ms}};
  if (nonce) message["nonce"] = *nonce;
  return bj::serialize(message);
}

std::string GoingAwayMessage(std::int64_t at_ms) {
  return bj::serialize(bj::object{{"type", "going_away"}, {"at_ms", at_ms}, {"retry_after_ms", kGoingAwayRetryMs}});
}

std::string ErrorMessage(const Stamp& stamp, const ErrorDetails& details) {
  bj::object message = stamp.session_id.empty() ? bj::object{{"type", "error"}, {"at_ms", stamp.at_ms}} : Begin("error", stamp);
  AddError(message, details.code, details.locale, details.field);
  if (!details.field.empty()) message["field"] = details.field;
  if (!details.client_ref.empty()) message["client_ref"] = details.client_ref;
  return bj::serialize(message);
}

std::string EventMessage(const pipeline::SessionEvent& event, model::Locale locale) {
  bj::object message = Begin(std::visit(EventType{}, event.payload), {event.session_id, event.number, event.at_ms});
  std::visit(EventFields{message, locale}, event.payload);
  return bj::serialize(message);
}

std::string WithEventNumber(std::string message, std::int64_t event) {
  // The stamp is at the beginning of every message: before any text of the learner's.
  constexpr std::string_view kNone = R"("event":0)";
  if (const std::size_t at = message.find(kNone); at != std::string::npos)
    message.replace(at, kNone.size(), fmt::format(R"("event":{})", event));
  return message;
}

}  // namespace speechcoach::api
