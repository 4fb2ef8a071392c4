#include "llm/wire/openai_format.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "llm/wire/json_access.h"
#include "llm/wire/reset_time.h"

namespace speechcoach::llm {
namespace {

namespace bj = boost::json;

const char* RoleName(ChatRole role) {
  switch (role) {
    case ChatRole::kSystem:
      return "system";
    case ChatRole::kUser:
      return "user";
    case ChatRole::kAssistant:
      break;
  }
  return "assistant";
}

// "https://host/base?api-version=1" + "/chat/completions": the query stays last.
std::string AppendPath(std::string_view base, std::string_view path) {
  const std::size_t query = std::min(base.find('?'), base.size());
  std::string_view stem = base.substr(0, query);
  while (stem.ends_with('/')) stem.remove_suffix(1);
  return fmt::format("{}{}{}", stem, path, base.substr(query));
}

// Azure takes its keys in a header of its own.
bool IsAzure(std::string_view url) { return url.find(".azure.com") != std::string_view::npos; }

ChatUsage ReadUsage(const bj::object& usage) {
  ChatUsage read{IntMember(usage, "prompt_tokens"), 0, IntMember(usage, "completion_tokens")};
  if (const bj::object* details = ObjectMember(usage, "prompt_tokens_details")) {
    read.cached_prompt_tokens = IntMember(*details, "cached_tokens");
  } else {
    read.cached_prompt_tokens = IntMember(usage, "prompt_cache_hit_tokens");
  }
  read.cached_prompt_tokens = std::min(read.cached_prompt_tokens, read.prompt_tokens);
  return read;
}

// An error's code or type, as far as it is a plain word: it goes into the log.
std::string PlainWord(const bj::object& error, std::string_view key) {
  std::string word = TextMember(error, key);
  const bool is_plain = !word.empty() && word.size() <= 64 &&
                        std::ranges::all_of(word, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  return is_plain ? word : std::string();
}

struct ErrorBody {
  std::string code;
  std::string type;
  std::string message;

  const std::string& word() const { return code.empty() ? type : code; }
};

ErrorBody ReadErrorBody(const bj::object& document) {
  const bj::object* error = ObjectMember(document, "error");
  if (error == nullptr) return {};
  return {PlainWord(*error, "code"), PlainWord(*error, "type"), TextMember(*error, "message")};
}

bool IsOutOfCredit(const ErrorBody& error) {
  constexpr std::array<std::string_view, 4> kCodes{"insufficient_quota", "credit_balance_exhausted",
                                                   "organization_usage_limit_exceeded", "billing_hard_limit_reached"};
  const auto says = [&](const std::string& word) {
    return std::ranges::find(kCodes, word) != kCodes.end() || word.ends_with("_spend_limit_exceeded");
  };
  return says(error.code) || says(error.type);
}

// "... Please try again in 1.5s." -> "1.5s"
std::string_view WaitInMessage(std::string_view message) {
  constexpr std::string_view kPhrase = "try again in ";
  const std::size_t at = message.find(kPhrase);
  if (at == std::string_view::npos) return {};
  message.remove_prefix(at + kPhrase.size());
  message = message.substr(0, std::min(message.find_first_of(" ,;"), message.size()));
  while (message.ends_with('.')) message.remove_suffix(1);
  return message;
}

// From the most exact to the least: what the server says about this very wait, then the limit that is used up.
std::optional<std::int64_t> ResetTime(const HeaderLookup& header, const ErrorBody& error, std::int64_t now_ms) {
  if (const std::string ms = header("retry-after-ms"); !ms.empty()) {
    if (const auto wait = ParseDuration(ms + "ms")) return now_ms + *wait;
  }
  if (const auto at = ParseRetryAfter(header("retry-after"), now_ms)) return at;
  std::optional<std::int64_t> latest;
  for (const char* what : {"requests", "tokens"}) {
    const auto wait = ParseDuration(header(fmt::format("x-ratelimit-reset-{}", what)));
    const bool is_used_up = header(fmt::format("x-ratelimit-remaining-{}", what)) == "0";
    if (wait && *wait > 0 && is_used_up) latest = std::max(latest.value_or(0), now_ms + *wait);
  }
  if (latest) return latest;
  if (const auto wait = ParseDuration(WaitInMessage(error.message))) return now_ms + *wait;
  return std::nullopt;
}

FaultKind KindOf(int status, const ErrorBody& error) {
  if (error.code == "content_filter") return FaultKind::kRefused;  // Azure's answer to a prompt it does not like
  if (IsOutOfCredit(error) || status == 402) return FaultKind::kNoCredit;
  if (status == 429 || error.code == "rate_limit_exceeded" || error.type == "slow_down") return FaultKind::kRateLimited;
  if (status == 401 || error.code == "invalid_api_key") return FaultKind::kInvalidKey;
  if (status == 403) return FaultKind::kForbidden;
  if (status == 404 || error.code == "model_not_found") return FaultKind::kNoSuchModel;
  if (status == 408 || status == 504) return FaultKind::kTimeout;
  if (status >= 400 && status < 500) return FaultKind::kBadRequest;
  return FaultKind::kServerFault;
}

void AddFinish(const std::string& reason, Piece& piece) {
  if (reason.empty()) return;
  if (reason == "content_filter") {
    piece.fault = CallFault{FaultKind::kRefused, "content_filter"};
  } else {
    piece.finish = reason == "length" ? Finish::kLength : Finish::kStop;
  }
}

}  // namespace

WireRequest OpenAiFormat::Build(const WireTarget& target, const ChatRequest& request) const {
  bj::array messages;
  for (const ChatMessage& message : request.messages)
    messages.push_back({{"role", RoleName(message.role)}, {"content", message.content}});
  bj::object body{{"model", target.model},
                  {"messages", std::move(messages)},
                  {"stream", true},
                  {"stream_options", {{"include_usage", true}}},
                  {"temperature", request.temperature}};
  body[dialect_ == OpenAiDialect::kOpenAi ? "max_completion_tokens" : "max_tokens"] = request.max_output_tokens;
  if (!request.json_schema.empty()) {
    const auto schema = ParseObject(request.json_schema);
    if (dialect_ == OpenAiDialect::kDeepSeek || !schema) {
      body["response_format"] = {{"type", "json_object"}};
    } else {
      body["response_format"] = {{"type", "json_schema"},
                                 {"json_schema", {{"name", request.schema_name}, {"strict", true}, {"schema", *schema}}}};
    }
  }
  if (const auto extra = ParseObject(target.request_extra)) Merge(body, *extra);

  WireRequest wire;
  wire.url = AppendPath(target.base_url, "/chat/completions");
  wire.headers = {"Content-Type: application/json", "Accept: text/event-stream"};
  if (!target.api_key.empty()) {
    wire.headers.push_back(IsAzure(target.base_url) ? "api-key: " + target.api_key : "Authorization: Bearer " + target.api_key);
  }
  wire.body = bj::serialize(body);
  return wire;
}

Piece OpenAiFormat::Read(std::string_view json) const {
  Piece piece;
  if (json == "[DONE]") {
    piece.is_last = true;
    return piece;
  }
  const auto document = ParseObject(json);
  if (!document) {
    piece.fault = CallFault{FaultKind::kUnusable, "no JSON"};
    return piece;
  }
  if (ObjectMember(*document, "error") != nullptr) {
    const ErrorBody error = ReadErrorBody(*document);
    piece.fault = CallFault{KindOf(500, error), fmt::format("error in the stream {}", error.word())};
    return piece;
  }
  if (const bj::object* usage = ObjectMember(*document, "usage")) piece.usage = ReadUsage(*usage);
  const bj::object* choice = FirstObject(ArrayMember(*document, "choices"));
  if (choice == nullptr) return piece;
  const bj::object* delta = ObjectMember(*choice, "delta");
  const bj::object* message = delta != nullptr ? delta : ObjectMember(*choice, "message");
  if (message != nullptr) {
    piece.text = TextMember(*message, "content");
    if (!TextMember(*message, "refusal").empty()) piece.fault = CallFault{FaultKind::kRefused, "refusal"};
  }
  if (!piece.fault) AddFinish(TextMember(*choice, "finish_reason"), piece);
  return piece;
}

CallFault OpenAiFormat::ReadError(int status, const HeaderLookup& header, std::string_view body, std::int64_t now_ms) const {
  const auto document = ParseObject(body);
  const ErrorBody error = document ? ReadErrorBody(*document) : ErrorBody();
  CallFault fault{KindOf(status, error), fmt::format("HTTP {}{}{}", status, error.word().empty() ? "" : " ", error.word())};
  if (fault.kind == FaultKind::kRateLimited) fault.reset_at_ms = ResetTime(header, error, now_ms);
  return fault;
}

}  // namespace speechcoach::llm
