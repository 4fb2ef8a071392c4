#include "json/session_text.h"

#include <array>
#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "json/json_slices.h"
#include "json/model_json.h"

namespace speechcoach::json {
namespace {

namespace bj = boost::json;

constexpr std::string_view kFormat = "format";

// Members that are the same stored and sent.
constexpr std::array<std::string_view, 7> kSame{"prosody_features", "scores",        "feedback",   "miscues",
                                                "pronunciation",    "degraded_mode", "stage_times"};

void Append(std::string_view key, std::string_view value, std::string& text) {
  text += ",\"";
  text += key;
  text += "\":";
  text += value;
}

// An operator's message may name files and hosts; clients get the code and the stage.
std::optional<std::string> FailuresShown(std::string_view stored) {
  boost::system::error_code fault;
  const bj::value failures = bj::parse({stored.data(), stored.size()}, fault, {}, {.allow_invalid_utf8 = true});
  if (fault || !failures.is_array()) return std::nullopt;
  bj::array shown;
  for (const bj::value& failure : failures.get_array()) {
    const bj::value* stage = failure.is_object() ? failure.get_object().if_contains("stage") : nullptr;
    const bj::value* code = failure.is_object() ? failure.get_object().if_contains("code") : nullptr;
    if (stage == nullptr || code == nullptr) return std::nullopt;
    shown.emplace_back(bj::object{{"stage", *stage}, {"code", *code}});
  }
  return bj::serialize(shown);
}

// Nothing where the stored text is not of this program's shape.
std::optional<std::string> Joined(const model::Session& session, std::string_view stored) {
  const auto analysis = SlicesOf(stored);
  if (!analysis || analysis->Get(kFormat) != std::to_string(kAnalysisFormat)) return std::nullopt;
  const auto transcript = SlicesOf(analysis->Get("transcript"));
  const auto times = SlicesOf(analysis->Get("stage_times"));
  const auto failures = FailuresShown(analysis->Get("failures"));
  if (!transcript || !times || !failures) return std::nullopt;
  std::string text = bj::serialize(SessionHead(session));
  text.pop_back();
  text.reserve(text.size() + stored.size());
  if (session.audio_key.empty()) {
    Append("audio", "null", text);
  } else {
    std::string audio = bj::serialize(bj::object{{"format", session.audio_format}, {"size_bytes", session.audio_size_bytes}});
    audio.pop_back();
    Append("duration_s", analysis->Get("audio_duration_s"), audio);
    Append("audio", audio + "}", text);
  }
  Append("transcript", transcript->Get("text"), text);
  Append("transcription_confidence", transcript->Get("confidence"), text);
  Append("words", transcript->Get("words"), text);
  for (const std::string_view key : kSame) Append(key, analysis->Get(key), text);
  Append("failures", *failures, text);
  Append("processing_time_ms", times->Get("total_ms"), text);
  return text + "}";
}

}  // namespace

std::string StoredText(const model::Analysis& analysis) {
  bj::object document = ToJson(analysis);
  document[kFormat] = kAnalysisFormat;
  return bj::serialize(document);
}

base::Result<std::string> SessionText(const model::Session& session, std::string_view stored) {
  if (stored.empty()) return bj::serialize(ToJson(session));
  if (auto joined = Joined(session, stored)) return std::move(*joined);
  boost::system::error_code fault;
  const bj::value document = bj::parse({stored.data(), stored.size()}, fault, {}, {.allow_invalid_utf8 = true});
  if (fault) return {base::ErrorCode::kInternal, "the stored analysis is no JSON"};
  auto analysis = AnalysisFromJson(document);
  if (!analysis.ok()) return analysis.error();
  model::Session whole = session;
  whole.analysis = std::move(*analysis);
  return bj::serialize(ToJson(whole));
}

}  // namespace speechcoach::json
