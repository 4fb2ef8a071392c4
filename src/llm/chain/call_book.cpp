#include "llm/chain/call_book.h"

#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/log.h"
#include "llm/chain/price.h"
#include "llm/text/close_json.h"
#include "llm/text/code_fence.h"
#include "llm/wire/json_access.h"
#include "trace/span.h"

namespace speechcoach::llm {
namespace {

constexpr std::int64_t kForbiddenRestMs = 3'600'000;
constexpr std::int64_t kFirstBackOffMs = 1'000;
constexpr std::int64_t kLongestBackOffMs = 60'000;
constexpr int kBytesAToken = 4;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr double kDollarsAPicodollar = 1e-12;

// How long a limited key rests where the provider does not say: longer with every failure, and never in step with others.
std::int64_t BackOffMs(int consecutive_failures) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const std::int64_t whole = std::min(kLongestBackOffMs, kFirstBackOffMs << std::min(consecutive_failures, 10));
  return std::uniform_int_distribution<std::int64_t>(whole / 2, whole)(random);
}

// For calls whose count the provider did not get to tell.
ChatUsage EstimateUsage(const ChatRequest& request, std::string_view text) {
  std::size_t prompt_bytes = 0;
  for (const ChatMessage& message : request.messages) prompt_bytes += message.content.size();
  const auto tokens = [](std::size_t bytes) { return static_cast<int>((bytes + kBytesAToken - 1) / kBytesAToken); };
  return {tokens(prompt_bytes), 0, tokens(text.size())};
}

void Judge(const ChatRequest& request, BookedCall& call) {
  if (call.fault) {
    // Some of it came: perhaps enough.
    const bool was_cut = call.fault->kind != FaultKind::kRefused && call.fault->kind != FaultKind::kCancelled;
    if (!was_cut || !request.fault_of || request.json_schema.empty()) return;
    const auto whole = CloseJson(call.text);
    if (!whole || !request.fault_of(*whole).empty()) return;
    call.text = *whole;
    call.outlived = std::exchange(call.fault, std::nullopt);
    return;
  }
  if (!request.json_schema.empty()) {
    call.text = std::string(WithoutFence(call.text));
    if (!ParseObject(call.text)) {
      call.fault = CallFault{FaultKind::kUnusable, "no JSON object"};
      return;
    }
  }
  if (request.fault_of) call.objection = request.fault_of(call.text);
  if (!call.objection.empty()) call.fault = CallFault{FaultKind::kUnusable, "refused by its check"};
}

}  // namespace

BookedCall CallBook::Make(const ProviderSetup& setup, const storage::LlmModel& model, const storage::LlmKeyLease* lease,
                          std::span<const storage::LlmPrice> prices, const ChatRequest& request, const CallLimits& limits,
                          const CallTags& tags, const std::function<void(std::string_view)>& on_text,
                          const std::stop_token& stop) {
  trace::ActiveSpan span("chat " + model.name, trace::SpanKind::kClient);
  span->Set("gen_ai.operation.name", "chat");
  span->Set("gen_ai.provider.name", setup.provider.name);
  span->Set("gen_ai.request.model", model.name);
  span->Set("speechcoach.attempt", tags.attempt_number);
  const std::int64_t began_at_ms = clock_.NowMs();
  const base::Stopwatch watch;
  BookedCall call;
  WireTarget target{setup.provider.base_url, model.name, model.request_extra, ""};
  if (lease != nullptr) {
    auto key = keys_.Decrypt(lease->token);
    if (!key.ok()) {
      base::Log(base::LogLevel::kError, "llm key cannot be decrypted",
                {{"provider", setup.provider.name}, {"key", lease->key_id}});
      call.fault = CallFault{FaultKind::kUnreadableKey, "not encrypted with this master key"};
      span->Fail(Name(call.fault->kind));
      Record(setup, model, lease, prices, request, tags, call, began_at_ms, watch.ElapsedMs());
      return call;
    }
    target.api_key = std::move(*key);
  }
  CallResult made = CallProvider(http_, *setup.format, target, request, limits, began_at_ms, on_text, stop);
  call.fault = std::move(made.fault);
  call.text = std::move(made.text);
  call.first_token = made.first_token;
  call.was_finished = made.was_finished;
  if (made.was_accepted) call.usage = made.usage ? *made.usage : EstimateUsage(request, call.text);
  const int response_time_ms = watch.ElapsedMs();
  Judge(request, call);
  span->Set("gen_ai.usage.input_tokens", call.usage.prompt_tokens);
  span->Set("gen_ai.usage.output_tokens", call.usage.completion_tokens);
  if (call.fault) span->Fail(Name(call.fault->kind));
  Record(setup, model, lease, prices, request, tags, call, began_at_ms, response_time_ms);
  return call;
}

void CallBook::Record(const ProviderSetup& setup, const storage::LlmModel& model, const storage::LlmKeyLease* lease,
                      std::span<const storage::LlmPrice> prices, const ChatRequest& request, const CallTags& tags,
                      const BookedCall& call, std::int64_t began_at_ms, int response_time_ms) {
  storage::LlmCall row;
  row.provider_id = setup.provider.id;
  row.key_id = lease != nullptr ? lease->key_id : 0;
  row.session_id = request.session_id;
  row.user_id = request.user_id;
  row.model = model.name;
  row.prompt_tokens = call.usage.prompt_tokens;
  row.cached_prompt_tokens = call.usage.cached_prompt_tokens;
  row.completion_tokens = call.usage.completion_tokens;
  row.response_time_ms = response_time_ms;
  row.success = !call.fault;
  row.was_fallback = tags.was_fallback;
  row.attempt_number = tags.attempt_number;
  row.began_at_ms = began_at_ms;
  if (const storage::LlmPrice* price = PriceAt(prices, setup.provider.id, model.name, began_at_ms))
    row.cost_picousd = Cost(*price, call.usage);
  else if (const std::int64_t day = began_at_ms / kDayMs; call.usage.prompt_tokens > 0 && warned_day_.exchange(day) != day)
    base::Log(base::LogLevel::kWarning, "llm model without a price", {{"provider", setup.provider.name}, {"model", model.name}});
  if (const auto& fault = call.fault ? call.fault : call.outlived) {
    if (call.fault) row.error = fmt::format("{}: {}", Name(fault->kind), fault->message);
    const std::int64_t now_ms = clock_.NowMs();
    switch (fault->kind) {
      case FaultKind::kInvalidKey:
      case FaultKind::kNoCredit:
        row.key_disabled_reason = Name(fault->kind);
        row.is_the_keys_fault = true;
        if (lease != nullptr) {
          base::Log(base::LogLevel::kWarning, "llm key turned off",
                    {{"provider", setup.provider.name}, {"key", row.key_id}, {"why", fault->message}});
        }
        break;
      case FaultKind::kRateLimited:
        // A time that is gone already ("retry-after: 0") would send the next call straight into the same limit.
        row.key_rests_until_ms = fault->reset_at_ms && *fault->reset_at_ms > now_ms
                                     ? *fault->reset_at_ms
                                     : now_ms + BackOffMs(lease != nullptr ? lease->consecutive_failures : 0);
        row.is_the_keys_fault = true;
        break;
      case FaultKind::kUnreadableKey:
        row.key_rests_until_ms = now_ms + kLongestBackOffMs;
        break;
      case FaultKind::kForbidden:
        row.key_rests_until_ms = now_ms + kForbiddenRestMs;
        row.is_the_keys_fault = true;
        break;
      case FaultKind::kNoSuchModel:
      case FaultKind::kBadRequest:
      case FaultKind::kServerFault:
      case FaultKind::kTimeout:
      case FaultKind::kConnection:
      case FaultKind::kUnusable:
      case FaultKind::kRefused:
      case FaultKind::kCancelled:
        break;
    }
  }
  if (metrics_ != nullptr) {
    metrics_->LlmCalled({.provider = setup.provider.name,
                         .outcome = call.fault ? Name(call.fault->kind) : "ok",
                         .duration_s = response_time_ms / 1000.0,
                         .first_token_s = call.first_token
                                              ? std::optional(static_cast<double>(call.first_token->count()) / 1000.0)
                                              : std::nullopt,
                         .prompt_tokens = row.prompt_tokens,
                         .cached_prompt_tokens = row.cached_prompt_tokens,
                         .completion_tokens = row.completion_tokens,
                         .cost_usd = static_cast<double>(row.cost_picousd) * kDollarsAPicodollar});
  }
  if (const base::Status recorded = repository_.RecordCall(row); !recorded.ok()) {
    base::Log(base::LogLevel::kError, "llm call not recorded",
              {{"provider", setup.provider.name}, {"error", recorded.error().message}});
  }
}

}  // namespace speechcoach::llm
