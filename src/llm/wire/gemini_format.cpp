#include "llm/wire/gemini_format.h"

#include <algorithm>

#include <fmt/format.h>

#include "llm/wire/json_access.h"
#include "llm/wire/reset_time.h"

namespace speechcoach::llm {
namespace {

namespace bj = boost::json;

// JSON Schema -> the subset of OpenAPI that responseSchema takes: no additionalProperties, and the order of the members
// said, so that what is shown first is written first.
bj::value ToResponseSchema(const bj::value& schema) {
  if (const bj::array* array = schema.if_array()) {
    bj::array out;
    for (const bj::value& item : *array) out.push_back(ToResponseSchema(item));
    return out;
  }
  const bj::object* object = schema.if_object();
  if (object == nullptr) return schema;
  bj::object out;
  for (const auto& member : *object) {
    if (member.key() == "additionalProperties" || member.key() == "$schema") continue;
    if (member.key() == "properties" && member.value().is_object()) {
      bj::object properties;
      bj::array order;
      for (const auto& property : member.value().get_object()) {
        properties[property.key()] = ToResponseSchema(property.value());
        order.push_back(bj::value(property.key()));
      }
      out["properties"] = std::move(properties);
      out["propertyOrdering"] = std::move(order);
    } else {
      out[member.key()] = ToResponseSchema(member.value());
    }
  }
  return out;
}

ChatUsage ReadUsage(const bj::object& usage) {
  ChatUsage read{IntMember(usage, "promptTokenCount"), IntMember(usage, "cachedContentTokenCount"),
                 IntMember(usage, "candidatesTokenCount") + IntMember(usage, "thoughtsTokenCount")};
  read.cached_prompt_tokens = std::min(read.cached_prompt_tokens, read.prompt_tokens);
  return read;
}

// The entry of error.details whose @type ends so.
const bj::object* Detail(const bj::object& error, std::string_view type) {
  const bj::array* details = ArrayMember(error, "details");
  if (details == nullptr) return nullptr;
  for (const bj::value& entry : *details) {
    const bj::object* detail = entry.if_object();
    if (detail != nullptr && TextMember(*detail, "@type").ends_with(type)) return detail;
  }
  return nullptr;
}

bool IsDailyQuota(const bj::object& error) {
  const bj::object* failure = Detail(error, "google.rpc.QuotaFailure");
  const bj::array* violations = failure != nullptr ? ArrayMember(*failure, "violations") : nullptr;
  return violations != nullptr && std::ranges::any_of(*violations, [](const bj::value& violation) {
           const bj::object* object = violation.if_object();
           return object != nullptr && TextMember(*object, "quotaId").find("PerDay") != std::string::npos;
         });
}

std::optional<std::int64_t> ResetTime(const bj::object& error, const HeaderLookup& header, std::int64_t now_ms) {
  if (IsDailyQuota(error)) return NextPacificMidnight(now_ms);
  if (const bj::object* retry = Detail(error, "google.rpc.RetryInfo")) {
    if (const auto wait = ParseDuration(TextMember(*retry, "retryDelay"))) return now_ms + *wait;
  }
  return ParseRetryAfter(header("retry-after"), now_ms);
}

FaultKind KindOf(int status, const bj::object& error) {
  const bj::object* info = Detail(error, "google.rpc.ErrorInfo");
  const std::string reason = info != nullptr ? TextMember(*info, "reason") : std::string();
  if (status == 401 || reason == "API_KEY_INVALID" || reason == "API_KEY_EXPIRED") return FaultKind::kInvalidKey;
  if (status == 402 || reason == "BILLING_DISABLED") return FaultKind::kNoCredit;
  if (status == 429) return FaultKind::kRateLimited;
  if (status == 403 || TextMember(error, "status") == "FAILED_PRECONDITION") return FaultKind::kForbidden;
  if (status == 404) return FaultKind::kNoSuchModel;
  if (status == 408 || status == 504) return FaultKind::kTimeout;
  if (status >= 400 && status < 500) return FaultKind::kBadRequest;
  return FaultKind::kServerFault;
}

// An error's status is one of Google's words in capitals; anything else stays out of the log.
std::string StatusWord(const bj::object& error) {
  const std::string status = TextMember(error, "status");
  const bool is_plain =
      status.size() <= 40 && std::ranges::all_of(status, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
  return is_plain ? status : std::string();
}

CallFault ToFault(int status, const bj::object& error, const HeaderLookup& header, std::int64_t now_ms) {
  const std::string word = StatusWord(error);
  CallFault fault{KindOf(status, error), fmt::format("HTTP {}{}{}", status, word.empty() ? "" : " ", word)};
  if (fault.kind == FaultKind::kRateLimited) fault.reset_at_ms = ResetTime(error, header, now_ms);
  return fault;
}

void AddFinish(const std::string& reason, Piece& piece) {
  if (reason.empty()) return;
  if (reason == "STOP" || reason == "MAX_TOKENS") {
    piece.finish = reason == "STOP" ? Finish::kStop : Finish::kLength;
  } else {
    piece.fault = CallFault{FaultKind::kRefused, "finished by a filter"};  // SAFETY, RECITATION, PROHIBITED_CONTENT, ...
  }
}

}  // namespace

WireRequest GeminiFormat::Build(const WireTarget& target, const ChatRequest& request) const {
  bj::array contents;
  std::string system;
  for (const ChatMessage& message : request.messages) {
    if (message.role == ChatRole::kSystem) {
      system += (system.empty() ? "" : "\n\n") + message.content;
    } else {
      const char* role = message.role == ChatRole::kUser ? "user" : "model";
      contents.push_back({{"role", role}, {"parts", bj::array{bj::object{{"text", message.content}}}}});
    }
  }
  bj::object generation{{"maxOutputTokens", request.max_output_tokens}, {"temperature", request.temperature}};
  if (!request.json_schema.empty()) {
    generation["responseMimeType"] = "application/json";
    if (const auto schema = ParseObject(request.json_schema)) generation["responseSchema"] = ToResponseSchema(*schema);
  }
  bj::object body{{"contents", std::move(contents)}, {"generationConfig", std::move(generation)}};
  if (!system.empty()) body["systemInstruction"] = {{"parts", bj::array{bj::object{{"text", system}}}}};
  if (const auto extra = ParseObject(target.request_extra)) Merge(body, *extra);

  WireRequest wire;
  std::string_view base = target.base_url;
  while (base.ends_with('/')) base.remove_suffix(1);
  wire.url = fmt::format("{}/models/{}:streamGenerateContent?alt=sse", base, target.model);
  wire.headers = {"Content-Type: application/json", "Accept: text/event-stream"};
  if (!target.api_key.empty()) wire.headers.push_back("x-goog-api-key: " + target.api_key);
  wire.body = bj::serialize(body);
  return wire;
}

Piece GeminiFormat::Read(std::string_view json) const {
  Piece piece;
  const auto document = ParseObject(json);
  if (!document) {
    piece.fault = CallFault{FaultKind::kUnusable, "no JSON"};
    return piece;
  }
  if (const bj::object* error = ObjectMember(*document, "error")) {
    const int status = IntMember(*error, "code");
    piece.fault = ToFault(status == 0 ? 500 : status, *error, [](std::string_view) { return std::string(); }, 0);
    piece.fault->reset_at_ms.reset();  // without the time of now
    return piece;
  }
  if (const bj::object* usage = ObjectMember(*document, "usageMetadata")) piece.usage = ReadUsage(*usage);
  if (const bj::object* feedback = ObjectMember(*document, "promptFeedback");
      feedback != nullptr && !TextMember(*feedback, "blockReason").empty()) {
    piece.fault = CallFault{FaultKind::kRefused, "prompt blocked"};
    return piece;
  }
  const bj::object* candidate = FirstObject(ArrayMember(*document, "candidates"));
  if (candidate == nullptr) return piece;
  if (const bj::object* content = ObjectMember(*candidate, "content")) {
    if (const bj::array* parts = ArrayMember(*content, "parts")) {
      for (const bj::value& part : *parts) {
        const bj::object* object = part.if_object();
        const bool is_thought =
            object != nullptr && Member(*object, "thought") != nullptr && *Member(*object, "thought") == bj::value(true);
        if (object != nullptr && !is_thought) piece.text += TextMember(*object, "text");
      }
    }
  }
  AddFinish(TextMember(*candidate, "finishReason"), piece);
  return piece;
}

CallFault GeminiFormat::ReadError(int status, const HeaderLookup& header, std::string_view body, std::int64_t now_ms) const {
  const auto document = ParseObject(body);
  const bj::object* error = document ? ObjectMember(*document, "error") : nullptr;
  return ToFault(status, error != nullptr ? *error : bj::object(), header, now_ms);
}

}  // namespace speechcoach::llm
