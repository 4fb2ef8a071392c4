#include "pipeline/session_event_json.h"

#include <stdexcept>

#include <boost/json.hpp>

#include "json/model_json.h"

namespace speechcoach::pipeline {
namespace {

namespace bj = boost::json;

constexpr model::Stage kStages[] = {model::Stage::kListening, model::Stage::kTranscribing, model::Stage::kProsody,
                                    model::Stage::kScoring, model::Stage::kFeedback};

model::Stage StageFrom(const bj::value& name) {
  for (const model::Stage stage : kStages) {
    if (name.as_string() == model::Name(stage)) return stage;
  }
  throw std::invalid_argument("unknown stage");
}

// A transcript has its JSON as a part of an analysis.
bj::object TranscriptJson(const model::Transcript& transcript) {
  model::Analysis only;
  only.transcript = transcript;
  return json::ToJson(only);
}

model::Analysis AnalysisFrom(const bj::value& value) {
  auto analysis = json::AnalysisFromJson(value);
  if (!analysis.ok()) throw std::invalid_argument(analysis.error().message);
  return std::move(*analysis);
}

struct Writer {
  bj::object operator()(const ProgressEvent& event) const {
    return {{"kind", "progress"}, {"percent", event.percent}, {"stage", model::Name(event.stage)}};
  }
  bj::object operator()(const TranscriptionEvent& event) const {
    return {{"kind", "transcription"},
            {"analysis", TranscriptJson(event.transcript)},
            {"is_final", event.is_final},
            {"stable_words", event.stable_words}};
  }
  bj::object operator()(const ProsodyEvent& event) const { return {{"kind", "prosody"}, {"report", json::ToJson(event.report)}}; }
  bj::object operator()(const PronunciationEvent& event) const {
    return {{"kind", "pronunciation"}, {"report", json::ToJson(event.report)}};
  }
  bj::object operator()(const CompleteEvent& event) const {
    return {{"kind", "complete"}, {"analysis", json::ToJson(event.analysis)}};
  }
  bj::object operator()(const ErrorEvent& event) const {
    return {{"kind", "error"},
            {"code", base::ErrorCodeName(event.error.code)},
            {"message", event.error.message},
            {"stage", model::Name(event.stage)}};
  }
};

EventPayload PayloadFrom(const bj::object& object) {
  const std::string_view kind = object.at("kind").as_string();
  if (kind == "progress") return ProgressEvent{object.at("percent").to_number<int>(), StageFrom(object.at("stage"))};
  if (kind == "transcription") {
    return TranscriptionEvent{AnalysisFrom(object.at("analysis")).transcript, object.at("is_final").as_bool(),
                              object.at("stable_words").to_number<std::size_t>()};
  }
  if (kind == "prosody") return ProsodyEvent{json::ProsodyFromJson(object.at("report"))};
  if (kind == "pronunciation") return PronunciationEvent{json::PronunciationFromJson(object.at("report"))};
  if (kind == "complete") return CompleteEvent{AnalysisFrom(object.at("analysis"))};
  if (kind == "error") {
    return ErrorEvent{
        {base::ErrorCodeFromName(std::string_view(object.at("code").as_string())), std::string(object.at("message").as_string())},
        StageFrom(object.at("stage"))};
  }
  throw std::invalid_argument("unknown kind of event");
}

}  // namespace

std::string WriteEvent(const EventPayload& payload, std::int64_t at_ms) {
  bj::object object = std::visit(Writer(), payload);
  object["at_ms"] = at_ms;
  return bj::serialize(object);
}

base::Result<SessionEvent> ReadEvent(std::string_view text) {
  try {
    const bj::value parsed = bj::parse(text);
    SessionEvent event;
    event.at_ms = parsed.as_object().at("at_ms").to_number<std::int64_t>();
    event.payload = PayloadFrom(parsed.as_object());
    return event;
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kInternal, std::string("not a session's event: ") + fault.what()};
  }
}

}  // namespace speechcoach::pipeline
