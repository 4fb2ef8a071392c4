#include "pipeline/event_json.h"

#include <exception>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "json/model_json.h"

namespace speechcoach::pipeline {
namespace {

namespace bj = boost::json;

struct Writer {
  bj::object operator()(const ProgressEvent&) const { return {}; }
  bj::object operator()(const FeedbackDeltaEvent&) const { return {}; }
  bj::object operator()(const HintEvent&) const { return {}; }
  bj::object operator()(const TranscriptionEvent& event) const {
    return {{"kind", "transcription"}, {"transcript", json::ToJson(event.transcript)}};
  }
  bj::object operator()(const ProsodyEvent& event) const { return {{"kind", "prosody"}, {"report", json::ToJson(event.report)}}; }
  bj::object operator()(const PronunciationEvent& event) const {
    return {{"kind", "pronunciation"}, {"report", json::ToJson(event.report)}};
  }
  bj::object operator()(const CompleteEvent& event) const {
    return {{"kind", "complete"}, {"analysis", json::ToJson(event.analysis)}, {"turn", event.turn}};
  }
  bj::object operator()(const ErrorEvent& event) const {
    return {{"kind", "error"},
            {"code", base::ErrorCodeName(event.error.code)},
            {"message", event.error.message},
            {"stage", model::Name(event.stage)},
            {"turn", event.turn}};
  }
  bj::object operator()(const CoachTurnEvent& event) const {
    return {{"kind", "coach"}, {"turn", event.turn}, {"coach", json::ToJson(event.coach)}};
  }
};

// Events from before there were turns have none.
int TurnOf(const bj::object& object) {
  const bj::value* turn = object.if_contains("turn");
  return turn != nullptr ? turn->to_number<int>() : 0;
}

EventPayload Parse(const bj::object& object) {
  const bj::string& kind = object.at("kind").as_string();
  if (kind == "transcription") return TranscriptionEvent{json::TranscriptFromJson(object.at("transcript")), true};
  if (kind == "prosody") return ProsodyEvent{json::ProsodyFromJson(object.at("report"))};
  if (kind == "pronunciation") return PronunciationEvent{json::PronunciationFromJson(object.at("report"))};
  if (kind == "complete") {
    auto analysis = json::AnalysisFromJson(object.at("analysis"));
    if (!analysis.ok()) throw std::runtime_error(analysis.error().message);
    return CompleteEvent{std::move(*analysis), TurnOf(object)};
  }
  if (kind == "coach") return CoachTurnEvent{TurnOf(object), json::CoachTurnFromJson(object.at("coach"))};
  if (kind != "error") throw std::runtime_error("unknown kind");
  const auto stage = model::StageFromName(std::string_view(object.at("stage").as_string()));
  return ErrorEvent{
      {base::ErrorCodeFromName(std::string_view(object.at("code").as_string())), std::string(object.at("message").as_string())},
      stage.value_or(model::Stage::kListening),
      TurnOf(object)};
}

}  // namespace

std::string ToLogText(const EventPayload& payload) { return bj::serialize(std::visit(Writer{}, payload)); }

base::Result<EventPayload> FromLogText(std::string_view text) {
  try {
    return Parse(bj::parse({text.data(), text.size()}, {}, {.allow_invalid_utf8 = true}).as_object());
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kInternal, fmt::format("an event of the log cannot be read: {}", fault.what())};
  }
}

}  // namespace speechcoach::pipeline
