#include "pipeline/passing_event_json.h"

#include <stdexcept>
#include <utility>

#include <boost/json.hpp>

#include "json/model_json.h"

namespace speechcoach::pipeline {
namespace {

namespace bj = boost::json;

bj::object HintFields(const pronunciation::LiveHint& hint) {
  return {{"kind", "hint"},          {"word", hint.word},     {"text", hint.text},
          {"start_s", hint.start_s}, {"end_s", hint.end_s},   {"phone", hint.phone},
          {"ipa", hint.ipa},         {"heard", hint.heard},   {"heard_ipa", hint.heard_ipa},
          {"tip_vi", hint.tip_vi},   {"tip_en", hint.tip_en}, {"confidence", hint.confidence}};
}

pronunciation::LiveHint HintFrom(const bj::object& object) {
  const auto text = [&](std::string_view name) { return std::string(object.at(name).as_string()); };
  const auto number = [&](std::string_view name) { return object.at(name).to_number<double>(); };
  pronunciation::LiveHint hint;
  hint.word = object.at("word").to_number<std::size_t>();
  hint.text = text("text");
  hint.start_s = number("start_s");
  hint.end_s = number("end_s");
  hint.phone = text("phone");
  hint.ipa = text("ipa");
  hint.heard = text("heard");
  hint.heard_ipa = text("heard_ipa");
  hint.tip_vi = text("tip_vi");
  hint.tip_en = text("tip_en");
  hint.confidence = number("confidence");
  return hint;
}

bj::object Fields(const EventPayload& payload) {
  if (const auto* progress = std::get_if<ProgressEvent>(&payload)) {
    bj::object fields{{"kind", "progress"}, {"percent", progress->percent}, {"stage", model::Name(progress->stage)}};
    if (progress->ahead) fields["ahead"] = *progress->ahead;
    return fields;
  }
  if (const auto* partial = std::get_if<TranscriptionEvent>(&payload)) {
    return {{"kind", "partial"}, {"transcript", json::ToJson(partial->transcript)}, {"stable_words", partial->stable_words}};
  }
  if (const auto* delta = std::get_if<FeedbackDeltaEvent>(&payload)) {
    return {{"kind", "feedback"}, {"text", delta->text}, {"restart", delta->restart}};
  }
  if (const auto* hint = std::get_if<HintEvent>(&payload)) return HintFields(hint->hint);
  return {};
}

EventPayload PayloadFrom(const bj::object& object) {
  const bj::string& kind = object.at("kind").as_string();
  if (kind == "progress") {
    const auto stage = model::StageFromName(std::string_view(object.at("stage").as_string()));
    const bj::value* ahead = object.if_contains("ahead");
    return ProgressEvent{object.at("percent").to_number<int>(), stage.value_or(model::Stage::kListening),
                         ahead != nullptr ? std::optional(ahead->to_number<int>()) : std::nullopt};
  }
  if (kind == "partial") {
    return TranscriptionEvent{json::TranscriptFromJson(object.at("transcript")), false,
                              object.at("stable_words").to_number<std::size_t>()};
  }
  if (kind == "hint") return HintEvent{HintFrom(object)};
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
