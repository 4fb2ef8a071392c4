// The keys to language models: SqlLlmRepository's calls on llm_api_keys, and the log of what was done with them.
#include <chrono>
#include <string>

#include <fmt/format.h>

#include "base/clock.h"
#include "storage/internal/llm_repository.h"
#include "storage/internal/statement.h"
#include "storage/internal/unsynced_transaction.h"

namespace speechcoach::storage {
namespace {

// The windows that limits count in, as the columns of llm_api_keys number them.
struct Windows {
  explicit Windows(std::int64_t now_ms) : minute(now_ms / 60'000), day(now_ms / 86'400'000) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    month = static_cast<int>(date.year()) * 12LL + static_cast<unsigned>(date.month()) - 1;
  }
  long long minute;
  long long day;
  long long month;
};

// The beginning of an UPDATE that counts a use of a key.
std::string CountUse(const Dialect& dialect) {
  return fmt::format(
      "UPDATE llm_api_keys SET "
      "last_use_number = 1 + (SELECT MAX(o.last_use_number) FROM llm_api_keys o WHERE o.provider_id = llm_api_keys.provider_id), "
      "last_used_at = {}, total_requests = total_requests + 1, "
      "minute_requests = CASE WHEN minute_number = :minute THEN minute_requests + 1 ELSE 1 END, minute_number = :minute2, "
      "day_requests = CASE WHEN day_number = :day THEN day_requests + 1 ELSE 1 END, day_number = :day2 ",
      dialect.ToTime(":now"));
}

// Binds what CountUse needs.
void UseWindows(Statement& statement, const std::int64_t& now_ms, const Windows& windows) {
  statement.Use("now", now_ms).Use("minute", windows.minute).Use("minute2", windows.minute);
  statement.Use("day", windows.day).Use("day2", windows.day);
}

bool HasMoved(long long key_id, Connection& sql) {
  int id = 0;
  return Statement(sql, "SELECT 1 FROM llm_api_keys WHERE id = :id AND disabled_reason = :reason")
      .Into(id)
      .Use("id", key_id)
      .Use("reason", std::string(kAddressChanged))
      .ExecuteForOne();
}

void LogCall(const LlmCall& call, Connection& sql, const Dialect& dialect) {
  const Nullable<long long> key_id = call.key_id != 0 ? Nullable<long long>(call.key_id) : Nullable<long long>();
  const int success = call.success ? 1 : 0;
  const int was_fallback = call.was_fallback ? 1 : 0;
  const Nullable<std::string> error = NullIfEmpty(call.error);
  const Nullable<long long> rests_until(call.key_rests_until_ms);
  Statement(
      sql,
      fmt::format(
          "INSERT INTO llm_usage_logs (provider_id, api_key_id, session_id, user_id, model_used, prompt_tokens, "
          "cached_prompt_tokens, completion_tokens, response_time_ms, success, error_message, key_rests_until, cost_picousd, "
          "was_fallback, attempt_number, created_at) VALUES (:provider_id, :key_id, "
          "(SELECT id FROM speech_practice_sessions WHERE id = :session_id), (SELECT id FROM users WHERE id = :user_id), "
          ":model, :prompt, :cached, :completion, :response_time, :success, :error, {}, :cost, :was_fallback, "
          ":attempt, {})",
          dialect.ToTime(":rests_until"), dialect.ToTime(":began_at")))
      .Use("provider_id", call.provider_id)
      .Use("key_id", key_id)
      .Use("session_id", call.session_id)
      .Use("user_id", call.user_id)
      .Use("model", call.model)
      .Use("prompt", call.prompt_tokens)
      .Use("cached", call.cached_prompt_tokens)
      .Use("completion", call.completion_tokens)
      .Use("response_time", call.response_time_ms)
      .Use("success", success)
      .Use("error", error)
      .Use("rests_until", rests_until)
      .Use("cost", call.cost_picousd)
      .Use("was_fallback", was_fallback)
      .Use("attempt", call.attempt_number)
      .Use("began_at", call.began_at_ms)
      .Execute();
}

void CountCall(const LlmCall& call, Connection& sql, const Dialect& dialect) {
  const std::int64_t ended_at_ms = call.began_at_ms + call.response_time_ms;
  const Windows windows(call.began_at_ms);
  const int success = call.success ? 1 : 0;
  const int tokens = call.prompt_tokens + call.completion_tokens;
  // Success forgets failures; what is not the key's fault (a cancelled call, a server that is down) changes nothing.
  const int failures_stay = !call.success && !call.is_the_keys_fault ? 1 : 0;
  Statement(
      sql, fmt::format(
               "UPDATE llm_api_keys SET total_tokens_used = total_tokens_used + :tokens, total_cost_picousd = total_cost_picousd "
               "+ :cost, "
               // The call may have begun in a month that is over: then it is not of this month's budget.
               "month_cost_picousd = CASE WHEN month_number = :month THEN month_cost_picousd + :cost2 WHEN month_number < "
               ":month2 THEN :cost3 "
               "ELSE month_cost_picousd END, month_number = CASE WHEN month_number > :month3 THEN month_number ELSE :month4 END, "
               "last_success_at = CASE WHEN :success = 1 THEN {} ELSE last_success_at END, "
               "last_failure_at = CASE WHEN :success2 = 1 THEN last_failure_at ELSE {} END, "
               "consecutive_failures = CASE WHEN :success3 = 1 THEN 0 WHEN :stay = 1 THEN consecutive_failures "
               "ELSE consecutive_failures + 1 END WHERE id = :id",
               dialect.ToTime(":ended"), dialect.ToTime(":ended2")))
      .Use("tokens", tokens)
      .Use("cost", call.cost_picousd)
      .Use("month", windows.month)
      .Use("cost2", call.cost_picousd)
      .Use("month2", windows.month)
      .Use("cost3", call.cost_picousd)
      .Use("month3", windows.month)
      .Use("month4", windows.month)
      .Use("success", success)
      .Use("ended", ended_at_ms)
      .Use("success2", success)
      .Use("ended2", ended_at_ms)
      .Use("success3", success)
      .Use("stay", failures_stay)
      .Use("id", call.key_id)
      .Execute();
  if (call.key_rests_until_ms) {
    const std::int64_t until_ms = *call.key_rests_until_ms;
    // Answers come out of order: a limit never ends sooner than one that is known already.
    Statement(sql,
              fmt::format(
                  "UPDATE llm_api_keys SET is_rate_limited = TRUE, "
                  "rate_limit_reset_at = CASE WHEN rate_limit_reset_at > {} THEN rate_limit_reset_at ELSE {} END WHERE id = :id",
                  dialect.ToTime(":until"), dialect.ToTime(":until2")))
        .Use("until", until_ms)
        .Use("until2", until_ms)
        .Use("id", call.key_id)
        .Execute();
  }
  if (!call.key_disabled_reason.empty()) {
    Statement(sql, "UPDATE llm_api_keys SET is_active = FALSE, disabled_reason = :reason WHERE id = :id")
        .Use("reason", call.key_disabled_reason)
        .Use("id", call.key_id)
        .Execute();
  }
}

}  // namespace

base::Result<std::vector<LlmKey>> SqlLlmRepository::Keys() {
  return pool_.Run(Access::kRead, [this](Connection& sql) -> base::Result<std::vector<LlmKey>> {
    std::vector<LlmKey> keys;
    LlmKey row;
    int is_active = 0;
    Nullable<std::string> reason;
    Nullable<long long> reset_at, used_at, success_at, failure_at;
    Nullable<int> daily_limit;
    Nullable<double> budget;
    Statement statement(
        sql, fmt::format(
                 "SELECT id, provider_id, key_name, api_key_encrypted, last4, CAST(is_active AS INTEGER), disabled_reason, {}, "
                 "total_requests, total_tokens_used, total_cost_picousd, month_cost_picousd, day_requests, {}, {}, {}, "
                 "consecutive_failures, daily_request_limit, monthly_budget_usd, {} FROM llm_api_keys ORDER BY provider_id, id",
                 dialect_.ToMilliseconds("rate_limit_reset_at"), dialect_.ToMilliseconds("last_used_at"),
                 dialect_.ToMilliseconds("last_success_at"), dialect_.ToMilliseconds("last_failure_at"),
                 dialect_.ToMilliseconds("created_at")));
    statement.Into(row.id).Into(row.provider_id).Into(row.name).Into(row.token).Into(row.last4).Into(is_active).Into(reason);
    statement.Into(reset_at)
        .Into(row.total_requests)
        .Into(row.total_tokens)
        .Into(row.total_cost_picousd)
        .Into(row.month_cost_picousd);
    statement.Into(row.day_requests).Into(used_at).Into(success_at).Into(failure_at).Into(row.consecutive_failures);
    statement.Into(daily_limit).Into(budget).Into(row.created_at_ms);
    const auto time = [](const Nullable<long long>& column) {
      return column.has_value() ? std::optional<std::int64_t>(column.value) : std::nullopt;
    };
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      row.is_active = is_active != 0;
      row.disabled_reason = reason.has_value() ? reason.value : "";
      row.rate_limit_reset_at_ms = time(reset_at);
      row.last_used_at_ms = time(used_at);
      row.last_success_at_ms = time(success_at);
      row.last_failure_at_ms = time(failure_at);
      row.daily_request_limit = daily_limit.has_value() ? std::optional<int>(daily_limit.value) : std::nullopt;
      row.monthly_budget_usd = budget.has_value() ? std::optional<double>(budget.value) : std::nullopt;
      keys.push_back(row);
    }
    return keys;
  });
}

base::Result<LlmKey> SqlLlmRepository::AddKey(const LlmKey& key) {
  const Nullable<int> daily_limit(key.daily_request_limit);
  const Nullable<double> budget(key.monthly_budget_usd);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<LlmKey> {
    LlmKey added = key;
    Statement(sql, fmt::format("INSERT INTO llm_api_keys (provider_id, key_name, api_key_encrypted, last4, daily_request_limit, "
                               "monthly_budget_usd, created_at) VALUES (:provider_id, :name, :token, :last4, :daily_limit, "
                               ":budget, {}) RETURNING id",
                               dialect_.ToTime(":created_at")))
        .Into(added.id)
        .Use("provider_id", key.provider_id)
        .Use("name", key.name)
        .Use("token", key.token)
        .Use("last4", key.last4)
        .Use("daily_limit", daily_limit)
        .Use("budget", budget)
        .Use("created_at", key.created_at_ms)
        .ExecuteForOne();
    return added;
  });
}

base::Status SqlLlmRepository::ChangeKey(std::int64_t key_id, const LlmKeyChange& change) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    // A statement that writes comes first: a transaction that reads first may find that it may not write.
    if (Statement(sql, "UPDATE llm_api_keys SET key_name = key_name WHERE id = :id").Use("id", key_id).ExecuteForCount() == 0) {
      return {base::ErrorCode::kNotFound, "no such key"};
    }
    if (change.is_active.value_or(false) && HasMoved(key_id, sql)) {
      return {base::ErrorCode::kConflict, "the provider's address was changed: enter the key anew"};
    }
    if (change.is_active) {
      const int is_active = *change.is_active ? 1 : 0;
      Statement(sql,
                "UPDATE llm_api_keys SET is_active = :is_active, disabled_reason = NULL, is_rate_limited = FALSE, "
                "rate_limit_reset_at = NULL, consecutive_failures = 0 WHERE id = :id")
          .Use("is_active", is_active)
          .Use("id", key_id)
          .Execute();
    }
    if (change.daily_request_limit) {
      const Nullable<int> limit(*change.daily_request_limit);
      Statement(sql, "UPDATE llm_api_keys SET daily_request_limit = :limit WHERE id = :id")
          .Use("limit", limit)
          .Use("id", key_id)
          .Execute();
    }
    if (change.monthly_budget_usd) {
      const Nullable<double> budget(*change.monthly_budget_usd);
      Statement(sql, "UPDATE llm_api_keys SET monthly_budget_usd = :budget WHERE id = :id")
          .Use("budget", budget)
          .Use("id", key_id)
          .Execute();
    }
    transaction.commit();
    return {};
  });
}

base::Status SqlLlmRepository::SetKeyToken(std::int64_t key_id, const std::string& old_token, const std::string& token) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    const long long touched =
        Statement(sql, "UPDATE llm_api_keys SET api_key_encrypted = :token WHERE id = :id AND api_key_encrypted = :old_token")
            .Use("token", token)
            .Use("id", key_id)
            .Use("old_token", old_token)
            .ExecuteForCount();
    if (touched == 0) return {base::ErrorCode::kConflict, "the key was changed by someone else"};
    return {};
  });
}

base::Result<int> SqlLlmRepository::ResetKeys(std::int64_t now_ms) {
  const Windows windows(now_ms);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<int> {
    return static_cast<int>(
        Statement(sql, fmt::format("UPDATE llm_api_keys SET day_requests = 0, day_number = :day, consecutive_failures = 0, "
                                   "is_rate_limited = CASE WHEN rate_limit_reset_at > {} THEN is_rate_limited ELSE FALSE END, "
                                   "rate_limit_reset_at = CASE WHEN rate_limit_reset_at > {} THEN rate_limit_reset_at END "
                                   "WHERE day_number > 0 AND day_number < :day2",
                                   dialect_.ToTime(":now"), dialect_.ToTime(":now2")))
            .Use("day", windows.day)
            .Use("now", now_ms)
            .Use("now2", now_ms)
            .Use("day2", windows.day)
            .ExecuteForCount());
  });
}

base::Result<LlmKeyLease> SqlLlmRepository::LeaseKey(std::int64_t provider_id, std::int64_t now_ms) {
  const Windows windows(now_ms);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<LlmKeyLease> {
    UnsyncedTransaction transaction(sql, dialect_);
    // Callers take their turns one after another: the provider's row is the lock.
    Statement(sql, "UPDATE llm_providers SET updated_at = updated_at WHERE id = :provider")
        .Use("provider", provider_id)
        .Execute();
    LlmKeyLease lease;
    Statement statement(
        sql, CountUse(dialect_) +
                 ", is_rate_limited = FALSE, rate_limit_reset_at = NULL WHERE id = ("
                 "SELECT k.id FROM llm_api_keys k JOIN llm_providers p ON p.id = k.provider_id "
                 "WHERE k.provider_id = :provider AND k.is_active "
                 "AND (k.rate_limit_reset_at IS NULL OR k.rate_limit_reset_at <= " +
                 dialect_.ToTime(":now2") +
                 ") "
                 "AND (p.requests_per_minute = 0 OR k.minute_number <> :minute3 OR k.minute_requests < p.requests_per_minute) "
                 "AND (k.daily_request_limit IS NULL OR k.daily_request_limit > CASE WHEN k.day_number = :day3 THEN "
                 "k.day_requests ELSE 0 END) "
                 "AND (k.monthly_budget_usd IS NULL OR "
                 "k.monthly_budget_usd * 1e12 > CASE WHEN k.month_number = :month THEN k.month_cost_picousd ELSE 0 END) "
                 "ORDER BY k.last_use_number, k.id LIMIT 1) RETURNING id, api_key_encrypted, consecutive_failures");
    statement.Into(lease.key_id).Into(lease.token).Into(lease.consecutive_failures);
    UseWindows(statement, now_ms, windows);
    statement.Use("provider", provider_id).Use("now2", now_ms).Use("minute3", windows.minute).Use("day3", windows.day);
    statement.Use("month", windows.month);
    if (!statement.ExecuteForOne()) return {base::ErrorCode::kRateLimited, "no key may be used now"};
    transaction.Commit();
    return lease;
  });
}

base::Result<LlmKeyLease> SqlLlmRepository::LeaseThisKey(std::int64_t key_id, std::int64_t now_ms) {
  const Windows windows(now_ms);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<LlmKeyLease> {
    if (HasMoved(key_id, sql)) return {base::ErrorCode::kConflict, "the provider's address was changed: enter the key anew"};
    LlmKeyLease lease;
    Statement statement(sql, CountUse(dialect_) + "WHERE id = :id RETURNING id, api_key_encrypted, consecutive_failures");
    statement.Into(lease.key_id).Into(lease.token).Into(lease.consecutive_failures);
    UseWindows(statement, now_ms, windows);
    statement.Use("id", key_id);
    if (!statement.ExecuteForOne()) return {base::ErrorCode::kNotFound, "no such key"};
    return lease;
  });
}

base::Status SqlLlmRepository::RecordCall(const LlmCall& call) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    UnsyncedTransaction transaction(sql, dialect_);
    LogCall(call, sql, dialect_);
    if (call.key_id != 0) CountCall(call, sql, dialect_);
    transaction.Commit();
    return {};
  });
}

}  // namespace speechcoach::storage
