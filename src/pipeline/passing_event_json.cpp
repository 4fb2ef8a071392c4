#include "pipeline/passing_event_json.h"

#include <stdexcept>
#include <utility>

#include <boost/json.hpp>

#include "json/model_json.h"

namespace speechcoach::pipeline {
namespace {

namespace bj = boost::json;

bj::object Fields(const EventPayload& payload) {
  if (const auto* progress = std::get_if<ProgressEvent>(&payload)) {
    return {{"kind", "progress"}, {"percent", progress->percent}, {"stage", model::Name(progress->stage)}};
  }
  if (const auto* partial = std::get_if<TranscriptionEvent>(&payload)) {
    return {{"kind", "partial"}, {"transcript", json::ToJson(partial->transcript)}, {"stable_words", partial->stable_words}};
  }
  if (const auto* delta = std::get_if<FeedbackDeltaEvent>(&payload)) {
    return {{"kind", "feedback"}, {"text", delta->text}, {"restart", delta->restart}};
  }
  return {};
}

EventPayload PayloadFrom(const bj::object& object) {
  const bj::string& kind = object.at("kind").as_string();
  if (kind == "progress") {
    const auto stage = model::StageFromName(std::string_view(object.at("stage").as_string()));
    return ProgressEvent{object.at("percent").to_number<int>(), stage.value_or(model::Stage::kListening)};
  }
  if (kind == "partial") {
    return TranscriptionEvent{json::TranscriptFromJson(object.at("transcript")), false,
                              object.at("stable_words").to_number<std::size_t>()};
  }
  if (kind != "feedback") throw std::invalid_argument("unknown kind of event");
  return FeedbackDeltaEvent{std::string(object.at("text").as_string()), object.at("restart").as_bool()};
}

}  // namespace

std::string WritePassing(const EventPayload& payload, std::int64_t at_ms) {
  bj::object object = Fields(payload);
  object["at_ms"] = at_ms;
  return bj::serialize(object);
}

base::Result<SessionEvent> ReadPassing(std::string_view text) {
  try {
    const bj::value parsed = bj::parse({text.data(), text.size()}, {}, {.allow_invalid_utf8 = true});
    SessionEvent event;
    event.at_ms = parsed.as_object().at("at_ms").to_number<std::int64_t>();
    event.payload = PayloadFrom(parsed.as_object());
    return event;
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kInternal, std::string("not a session's event: ") + fault.what()};
  }
}

}  // namespace speechcoach::pipeline
