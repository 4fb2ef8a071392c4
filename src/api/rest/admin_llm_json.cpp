#include "api/rest/admin_llm_json.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "api/fields.h"
#include "base/clock.h"
#include "llm/chain/price.h"
#include "llm/http/http_client.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr double kPicoUsd = 1e12;
constexpr std::array<std::string_view, 4> kKinds{"openai", "gemini", "deepseek", "openai_compatible"};

bj::value Time(const std::optional<std::int64_t>& ms) { return ms ? bj::value(base::FormatRfc3339(*ms)) : bj::value(); }

template <typename T>
bj::value OrNull(const std::optional<T>& value) {
  return value ? bj::value(*value) : bj::value();
}

// Reads members one after another and remembers the first that cannot be.
class Reader {
 public:
  explicit Reader(const bj::object& body) : body_(body) {}

  Reader& Text(std::string_view name, std::string& into, std::size_t max_bytes) {
    auto field = TextField(body_, name, max_bytes);
    Note(name, IsNull(name) || field.is_wrong || (field.value && field.value->empty()));
    if (field.value) into = std::move(*field.value);
    return *this;
  }
  Reader& Bool(std::string_view name, bool& into) {
    const auto field = BoolField(body_, name);
    Note(name, IsNull(name) || field.is_wrong);
    if (field.value) into = *field.value;
    return *this;
  }
  template <typename Number>
  Reader& Whole(std::string_view name, Number& into, std::int64_t low, std::int64_t high = std::numeric_limits<int>::max()) {
    const auto field = IntegerField(body_, name);
    Note(name, IsNull(name) || field.is_wrong || (field.value && (*field.value < low || *field.value > high)));
    if (field.value) into = static_cast<Number>(*field.value);
    return *this;
  }
  // Null takes it away.
  template <typename Number>
  Reader& Optional(std::string_view name, std::optional<Number>& into, double low, double high) {
    const bj::value* value = Find(name);
    if (value == nullptr) return *this;
    into.reset();
    if (value->is_null()) return *this;
    boost::system::error_code fault;
    const Number number = value->is_number() ? value->to_number<Number>(fault) : Number{};
    Note(name,
         !value->is_number() || fault.failed() || !(static_cast<double>(number) >= low && static_cast<double>(number) <= high));
    into = number;
    return *this;
  }

  bool IsNull(std::string_view name) const { return Find(name) != nullptr && Find(name)->is_null(); }
  const bj::value* Find(std::string_view name) const { return body_.if_contains({name.data(), name.size()}); }
  void Note(std::string_view name, bool is_wrong) {
    if (is_wrong && wrong_.empty()) wrong_ = name;
  }
  const std::string& wrong() const { return wrong_; }

 private:
  const bj::object& body_;
  std::string wrong_;
};

constexpr double kLatestMs = 253'402'300'799'999;  // the end of the year 9999

}  // namespace

bj::object ToJson(const storage::LlmProvider& p) {
  return {{"id", p.id},
          {"name", p.name},
          {"kind", p.kind},
          {"base_url", p.base_url},
          {"is_active", p.is_active},
          {"priority", p.priority},
          {"needs_key", p.needs_key},
          {"requests_per_minute", p.requests_per_minute},
          {"failure_threshold", p.failure_threshold},
          {"timeout_seconds", p.timeout_seconds}};
}

bj::object ToJson(const storage::LlmModel& m, std::span<const storage::LlmPrice> prices, std::int64_t now_ms) {
  return {{"name", m.name},
          {"is_active", m.is_active},
          {"priority", m.priority},
          {"has_price", llm::PriceAt(prices, m.provider_id, m.name, now_ms) != nullptr},
          {"request_extra", bj::parse(m.request_extra)},
          {"shutdown_at", Time(m.shutdown_at_ms)},
          {"missing_until", Time(m.missing_until_ms)}};
}

bj::object ToJson(const storage::LlmPrice& p) {
  return {{"id", p.id},
          {"model", p.model_name},
          {"valid_from", Time(p.valid_from_ms)},
          {"valid_to", Time(p.valid_to_ms)},
          {"weekdays", OrNull(p.weekdays)},
          {"from_minute", OrNull(p.from_minute)},
          {"to_minute", OrNull(p.to_minute)},
          {"input_microusd", p.input_microusd},
          {"cached_input_microusd", p.cached_input_microusd},
          {"output_microusd", p.output_microusd}};
}

bj::object ToJson(const storage::LlmKey& k) {
  return {{"id", k.id},
          {"name", k.name},
          {"last4", k.last4},
          {"is_active", k.is_active},
          {"disabled_reason", k.disabled_reason.empty() ? bj::value() : bj::value(k.disabled_reason)},
          {"rate_limit_reset_at", Time(k.rate_limit_reset_at_ms)},
          {"total_requests", k.total_requests},
          {"total_tokens_used", k.total_tokens},
          {"total_cost_usd", static_cast<double>(k.total_cost_picousd) / kPicoUsd},
          {"month_cost_usd", static_cast<double>(k.month_cost_picousd) / kPicoUsd},
          {"last_used_at", Time(k.last_used_at_ms)},
          {"last_success_at", Time(k.last_success_at_ms)},
          {"last_failure_at", Time(k.last_failure_at_ms)},
          {"consecutive_failures", k.consecutive_failures},
          {"daily_request_limit", OrNull(k.daily_request_limit)},
          {"monthly_budget_usd", OrNull(k.monthly_budget_usd)},
          {"created_at", Time(k.created_at_ms)}};
}

bj::object ToJson(const storage::LlmUsage& u) {
  return {{"group", u.group},
          {"calls", u.calls},
          {"successes", u.successes},
          {"fallbacks", u.fallbacks},
          {"prompt_tokens", u.prompt_tokens},
          {"cached_prompt_tokens", u.cached_prompt_tokens},
          {"completion_tokens", u.completion_tokens},
          {"cost_usd", static_cast<double>(u.cost_picousd) / kPicoUsd},
          {"mean_response_ms", u.mean_response_ms}};
}

bj::object ToJson(const llm::KeyTest& t) {
  return {{"works", t.works},
          {"fault", t.fault.empty() ? bj::value() : bj::value(t.fault)},
          {"model", t.model},
          {"response_time_ms", t.response_time_ms}};
}

std::string ReadInto(const bj::object& body, storage::LlmProvider& row) {
  Reader reader(body);
  reader.Text("name", row.name, 50)
      .Text("kind", row.kind, 20)
      .Text("base_url", row.base_url, 500)
      .Bool("is_active", row.is_active);
  reader.Whole("priority", row.priority, -1'000'000)
      .Bool("needs_key", row.needs_key)
      .Whole("requests_per_minute", row.requests_per_minute, 0);
  reader.Whole("failure_threshold", row.failure_threshold, 1, 1000).Whole("timeout_seconds", row.timeout_seconds, 1, 600);
  const auto is_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  reader.Note("name", row.name.empty() || !std::ranges::all_of(row.name, is_name));
  reader.Note("kind", std::ranges::find(kKinds, row.kind) == kKinds.end());
  reader.Note("base_url", !llm::KeepsSecrets(row.base_url));
  return reader.wrong();
}

std::string ReadInto(const bj::object& body, storage::LlmModel& row) {
  Reader reader(body);
  reader.Text("name", row.name, 100).Bool("is_active", row.is_active).Whole("priority", row.priority, -1'000'000);
  reader.Optional("shutdown_at_ms", row.shutdown_at_ms, 0, kLatestMs);
  reader.Note("name", row.name.empty());
  if (const bj::value* extra = reader.Find("request_extra")) {
    reader.Note("request_extra", !extra->is_object());
    row.request_extra = bj::serialize(*extra);
  }
  return reader.wrong();
}

std::string ReadInto(const bj::object& body, storage::LlmPrice& row) {
  Reader reader(body);
  constexpr auto kMost = std::numeric_limits<int>::max();
  reader.Text("model", row.model_name, 100).Whole("valid_from_ms", row.valid_from_ms, 0, static_cast<std::int64_t>(kLatestMs));
  reader.Optional("valid_to_ms", row.valid_to_ms, 0, kLatestMs).Optional("weekdays", row.weekdays, 1, 127);
  reader.Optional("from_minute", row.from_minute, 0, 1439).Optional("to_minute", row.to_minute, 1, 1440);
  reader.Whole("input_microusd", row.input_microusd, 0, kMost)
      .Whole("cached_input_microusd", row.cached_input_microusd, 0, kMost);
  reader.Whole("output_microusd", row.output_microusd, 0, kMost);
  reader.Note("model", row.model_name.empty());
  reader.Note("weekdays", row.weekdays.has_value() != row.from_minute.has_value() ||
                              row.from_minute.has_value() != row.to_minute.has_value());
  reader.Note("to_minute", row.from_minute.has_value() && row.to_minute.has_value() && *row.from_minute >= *row.to_minute);
  return reader.wrong();
}

std::string ReadInto(const bj::object& body, llm::NewKey& row) {
  Reader reader(body);
  reader.Text("name", row.name, 100).Text("key", row.secret, 500);
  reader.Optional("daily_request_limit", row.daily_request_limit, 0, 1e9)
      .Optional("monthly_budget_usd", row.monthly_budget_usd, 0, 1e9);
  reader.Note("name", row.name.empty());
  reader.Note("key", row.secret.empty());
  return reader.wrong();
}

std::string ReadInto(const bj::object& body, storage::LlmKeyChange& row) {
  Reader reader(body);
  if (bool is_active = false; reader.Find("is_active") != nullptr) {
    reader.Bool("is_active", is_active);
    row.is_active = is_active;
  }
  if (reader.Find("daily_request_limit") != nullptr)
    reader.Optional("daily_request_limit", row.daily_request_limit.emplace(), 0, 1e9);
  if (reader.Find("monthly_budget_usd") != nullptr)
    reader.Optional("monthly_budget_usd", row.monthly_budget_usd.emplace(), 0, 1e9);
  return reader.wrong();
}

}  // namespace speechcoach::api
