#include "storage/internal/llm_repository.h"

#include <chrono>
#include <string>

#include <fmt/format.h>

#include "base/clock.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

template <typename T>
std::optional<T> ToOptional(const Nullable<T>& column) {
  return column.has_value() ? std::optional<T>(column.value) : std::nullopt;
}

std::optional<std::int64_t> ToOptionalTime(const Nullable<long long>& column) {
  return column.has_value() ? std::optional<std::int64_t>(column.value) : std::nullopt;
}

// What a usage row is grouped by: an SQL expression that gives text.
std::string GroupExpression(LlmGrouping grouping, const Dialect& dialect) {
  switch (grouping) {
    case LlmGrouping::kNone:
      return "''";
    case LlmGrouping::kProvider:
      return "p.provider_name";
    case LlmGrouping::kModel:
      return "u.model_used";
    case LlmGrouping::kKey:
      return "COALESCE(CAST(u.api_key_id AS VARCHAR(20)), '')";
    case LlmGrouping::kDay:
      return fmt::format("CAST({} / 86400000 AS VARCHAR(20))", dialect.ToMilliseconds("u.created_at"));
    case LlmGrouping::kUser:
      return "COALESCE(CAST(u.user_id AS VARCHAR(20)), '')";
  }
  return "''";
}

// "https://api.openai.com" of "https://api.openai.com/v1".
std::string_view OriginOf(std::string_view url) {
  const std::size_t host = url.find("://");
  return url.substr(0, host == std::string_view::npos ? url.size() : url.find('/', host + 3));
}

std::string DayName(long long days_since_epoch) {
  const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(days_since_epoch))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

}  // namespace

base::Result<std::vector<LlmProvider>> SqlLlmRepository::Providers() {
  return pool_.Run(Access::kRead, [](Connection& sql) -> base::Result<std::vector<LlmProvider>> {
    std::vector<LlmProvider> providers;
    LlmProvider row;
    int is_active = 0;
    int needs_key = 0;
    Statement statement(sql,
                        "SELECT id, provider_name, kind, base_url, CAST(is_active AS INTEGER), priority, CAST(needs_key AS "
                        "INTEGER), requests_per_minute, "
                        "failure_threshold, timeout_seconds FROM llm_providers ORDER BY priority, id");
    statement.Into(row.id).Into(row.name).Into(row.kind).Into(row.base_url).Into(is_active).Into(row.priority).Into(needs_key);
    statement.Into(row.requests_per_minute).Into(row.failure_threshold).Into(row.timeout_seconds);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      row.is_active = is_active != 0;
      row.needs_key = needs_key != 0;
      providers.push_back(row);
    }
    return providers;
  });
}

base::Result<LlmProvider> SqlLlmRepository::AddProvider(const LlmProvider& provider) {
  const long long now_ms = base::SystemClock().NowMs();
  const int is_active = provider.is_active ? 1 : 0;
  const int needs_key = provider.needs_key ? 1 : 0;
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<LlmProvider> {
    LlmProvider added = provider;
    Statement(
        sql,
        fmt::format(
            "INSERT INTO llm_providers (provider_name, kind, base_url, is_active, priority, needs_key, requests_per_minute, "
            "failure_threshold, timeout_seconds, created_at, updated_at) VALUES (:name, :kind, :base_url, :is_active, :priority, "
            ":needs_key, :requests_per_minute, :failure_threshold, :timeout_seconds, {}, {}) RETURNING id",
            dialect_.ToTime(":created_at"), dialect_.ToTime(":updated_at")))
        .Into(added.id)
        .Use("name", provider.name)
        .Use("kind", provider.kind)
        .Use("base_url", provider.base_url)
        .Use("is_active", is_active)
        .Use("priority", provider.priority)
        .Use("needs_key", needs_key)
        .Use("requests_per_minute", provider.requests_per_minute)
        .Use("failure_threshold", provider.failure_threshold)
        .Use("timeout_seconds", provider.timeout_seconds)
        .Use("created_at", now_ms)
        .Use("updated_at", now_ms)
        .ExecuteForOne();
    return added;
  });
}

base::Status SqlLlmRepository::UpdateProvider(const LlmProvider& provider) {
  const long long now_ms = base::SystemClock().NowMs();
  const int is_active = provider.is_active ? 1 : 0;
  const int needs_key = provider.needs_key ? 1 : 0;
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    // A statement that writes comes first: a transaction that reads first may find that it may not write.
    Statement(sql, "UPDATE llm_providers SET updated_at = updated_at WHERE id = :id").Use("id", provider.id).Execute();
    std::string old_url;
    Statement(sql, "SELECT base_url FROM llm_providers WHERE id = :id").Into(old_url).Use("id", provider.id).ExecuteForOne();
    const long long touched =
        Statement(sql, fmt::format("UPDATE llm_providers SET base_url = :base_url, is_active = :is_active, priority = "
                                   ":priority, needs_key = :needs_key, requests_per_minute = :requests_per_minute, "
                                   "failure_threshold = :failure_threshold, timeout_seconds = :timeout_seconds, "
                                   "updated_at = {} WHERE id = :id",
                                   dialect_.ToTime(":updated_at")))
            .Use("base_url", provider.base_url)
            .Use("is_active", is_active)
            .Use("priority", provider.priority)
            .Use("needs_key", needs_key)
            .Use("requests_per_minute", provider.requests_per_minute)
            .Use("failure_threshold", provider.failure_threshold)
            .Use("timeout_seconds", provider.timeout_seconds)
            .Use("updated_at", now_ms)
            .Use("id", provider.id)
            .ExecuteForCount();
    if (touched == 0) return {base::ErrorCode::kNotFound, "no such provider"};
    // What it did not know at another address it may know now.
    Statement(sql, "UPDATE llm_models SET missing_until = NULL WHERE provider_id = :id").Use("id", provider.id).Execute();
    if (OriginOf(old_url) != OriginOf(provider.base_url)) {
      Statement(sql, "UPDATE llm_api_keys SET is_active = FALSE, disabled_reason = :reason WHERE provider_id = :id")
          .Use("reason", std::string(kAddressChanged))
          .Use("id", provider.id)
          .Execute();
    }
    transaction.commit();
    return {};
  });
}

base::Result<std::vector<LlmModel>> SqlLlmRepository::Models() {
  return pool_.Run(Access::kRead, [this](Connection& sql) -> base::Result<std::vector<LlmModel>> {
    std::vector<LlmModel> models;
    LlmModel row;
    int is_active = 0;
    Nullable<long long> shutdown_at;
    Nullable<long long> missing_until;
    Statement statement(
        sql, fmt::format("SELECT id, provider_id, model_name, CAST(is_active AS INTEGER), priority, request_extra, {}, {} "
                         "FROM llm_models ORDER BY provider_id, priority, id",
                         dialect_.ToMilliseconds("shutdown_at"), dialect_.ToMilliseconds("missing_until")));
    statement.Into(row.id).Into(row.provider_id).Into(row.name).Into(is_active).Into(row.priority).Into(row.request_extra);
    statement.Into(shutdown_at).Into(missing_until);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      row.is_active = is_active != 0;
      row.shutdown_at_ms = ToOptionalTime(shutdown_at);
      row.missing_until_ms = ToOptionalTime(missing_until);
      models.push_back(row);
    }
    return models;
  });
}

base::Status SqlLlmRepository::PutModel(const LlmModel& model) {
  const int is_active = model.is_active ? 1 : 0;
  const Nullable<long long> shutdown_at(model.shutdown_at_ms);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(
        sql,
        fmt::format(
            "INSERT INTO llm_models (provider_id, model_name, is_active, priority, request_extra, shutdown_at) "
            "VALUES (:provider_id, :model_name, :is_active, :priority, :request_extra, {}) "
            "ON CONFLICT (provider_id, model_name) DO UPDATE SET is_active = excluded.is_active, priority = excluded.priority, "
            "request_extra = excluded.request_extra, shutdown_at = excluded.shutdown_at, missing_until = NULL",
            dialect_.ToTime(":shutdown_at")))
        .Use("provider_id", model.provider_id)
        .Use("model_name", model.name)
        .Use("is_active", is_active)
        .Use("priority", model.priority)
        .Use("request_extra", model.request_extra)
        .Use("shutdown_at", shutdown_at)
        .Execute();
    return {};
  });
}

base::Status SqlLlmRepository::SetModelMissing(std::int64_t model_id, std::int64_t until_ms) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, fmt::format("UPDATE llm_models SET missing_until = {} WHERE id = :id", dialect_.ToTime(":until")))
        .Use("until", until_ms)
        .Use("id", model_id)
        .Execute();
    return {};
  });
}

base::Result<std::vector<LlmPrice>> SqlLlmRepository::Prices() {
  return pool_.Run(Access::kRead, [this](Connection& sql) -> base::Result<std::vector<LlmPrice>> {
    std::vector<LlmPrice> prices;
    LlmPrice row;
    Nullable<long long> valid_to;
    Nullable<int> weekdays;
    Nullable<int> from_minute;
    Nullable<int> to_minute;
    Statement statement(
        sql,
        fmt::format("SELECT id, provider_id, model_name, {}, {}, weekdays, from_minute, to_minute, input_microusd, "
                    "cached_input_microusd, output_microusd FROM llm_prices ORDER BY provider_id, model_name, valid_from, id",
                    dialect_.ToMilliseconds("valid_from"), dialect_.ToMilliseconds("valid_to")));
    statement.Into(row.id).Into(row.provider_id).Into(row.model_name).Into(row.valid_from_ms).Into(valid_to).Into(weekdays);
    statement.Into(from_minute)
        .Into(to_minute)
        .Into(row.input_microusd)
        .Into(row.cached_input_microusd)
        .Into(row.output_microusd);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      row.valid_to_ms = ToOptionalTime(valid_to);
      row.weekdays = ToOptional(weekdays);
      row.from_minute = ToOptional(from_minute);
      row.to_minute = ToOptional(to_minute);
      prices.push_back(row);
    }
    return prices;
  });
}

base::Result<LlmPrice> SqlLlmRepository::AddPrice(const LlmPrice& price) {
  const Nullable<long long> valid_to(price.valid_to_ms);
  const Nullable<int> weekdays(price.weekdays);
  const Nullable<int> from_minute(price.from_minute);
  const Nullable<int> to_minute(price.to_minute);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<LlmPrice> {
    LlmPrice added = price;
    Statement(sql,
              fmt::format(
                  "INSERT INTO llm_prices (provider_id, model_name, valid_from, valid_to, weekdays, from_minute, to_minute, "
                  "input_microusd, cached_input_microusd, output_microusd) VALUES (:provider_id, :model_name, {}, {}, :weekdays, "
                  ":from_minute, :to_minute, :input, :cached_input, :output) RETURNING id",
                  dialect_.ToTime(":valid_from"), dialect_.ToTime(":valid_to")))
        .Into(added.id)
        .Use("provider_id", price.provider_id)
        .Use("model_name", price.model_name)
        .Use("valid_from", price.valid_from_ms)
        .Use("valid_to", valid_to)
        .Use("weekdays", weekdays)
        .Use("from_minute", from_minute)
        .Use("to_minute", to_minute)
        .Use("input", price.input_microusd)
        .Use("cached_input", price.cached_input_microusd)
        .Use("output", price.output_microusd)
        .ExecuteForOne();
    return added;
  });
}

base::Status SqlLlmRepository::DeletePrice(std::int64_t price_id) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    if (Statement(sql, "DELETE FROM llm_prices WHERE id = :id").Use("id", price_id).ExecuteForCount() == 0) {
      return {base::ErrorCode::kNotFound, "no such price"};
    }
    return {};
  });
}

base::Result<std::vector<LlmUsage>> SqlLlmRepository::Usage(const LlmUsageFilter& filter, LlmGrouping grouping) {
  const long long provider_id = filter.provider_id.value_or(0);
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<LlmUsage>> {
    std::vector<LlmUsage> rows;
    LlmUsage row;
    Statement statement(
        sql,
        fmt::format("SELECT {} AS usage_group, COUNT(*), SUM(CASE WHEN u.success THEN 1 ELSE 0 END), "
                    "SUM(CASE WHEN u.was_fallback THEN 1 ELSE 0 END), SUM(u.prompt_tokens), SUM(u.cached_prompt_tokens), "
                    "SUM(u.completion_tokens), SUM(u.cost_picousd), AVG(u.response_time_ms) "
                    "FROM llm_usage_logs u JOIN llm_providers p ON p.id = u.provider_id "
                    "WHERE u.created_at >= {} AND (CAST(:to_ms AS BIGINT) = 0 OR u.created_at < {}) "
                    "AND (CAST(:provider AS BIGINT) = 0 OR u.provider_id = :provider2) GROUP BY usage_group ORDER BY usage_group",
                    GroupExpression(grouping, dialect_), dialect_.ToTime(":from_ms"), dialect_.ToTime(":to_ms2")));
    statement.Into(row.group).Into(row.calls).Into(row.successes).Into(row.fallbacks).Into(row.prompt_tokens);
    statement.Into(row.cached_prompt_tokens).Into(row.completion_tokens).Into(row.cost_picousd).Into(row.mean_response_ms);
    statement.Use("from_ms", filter.from_ms).Use("to_ms", filter.to_ms).Use("to_ms2", filter.to_ms);
    statement.Use("provider", provider_id).Use("provider2", provider_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      rows.push_back(row);
      if (grouping == LlmGrouping::kDay) rows.back().group = DayName(std::stoll(row.group));
    }
    return rows;
  });
}

}  // namespace speechcoach::storage
