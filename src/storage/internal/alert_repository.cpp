#include "storage/internal/alert_repository.h"

#include <fmt/format.h>

#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

constexpr const char* kFiring = "firing";
constexpr const char* kResolved = "resolved";

std::optional<std::int64_t> Time(const Nullable<long long>& column) {
  return column.has_value() ? std::optional<std::int64_t>(column.value) : std::nullopt;
}

}  // namespace

base::Result<std::vector<AlertState>> SqlAlertRepository::States() {
  return pool_.Run(Access::kRead, [this](Connection& sql) -> base::Result<std::vector<AlertState>> {
    std::vector<AlertState> states;
    AlertState row;
    std::string status;
    Nullable<long long> ended_at, told_at;
    Statement statement(
        sql,
        fmt::format("SELECT alert_name, subject, severity, status, summary, {}, {}, {}, told_webhook, told_mail, {} FROM alerts "
                    "ORDER BY alert_name, subject",
                    dialect_.ToMilliseconds("began_at"), dialect_.ToMilliseconds("last_true_at"),
                    dialect_.ToMilliseconds("ended_at"), dialect_.ToMilliseconds("told_at")));
    statement.Into(row.name)
        .Into(row.subject)
        .Into(row.severity)
        .Into(status)
        .Into(row.summary)
        .Into(row.began_at_ms)
        .Into(row.last_true_at_ms);
    statement.Into(ended_at).Into(row.told_webhook).Into(row.told_mail).Into(told_at);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      row.is_firing = status == kFiring;
      row.ended_at_ms = Time(ended_at);
      row.told_at_ms = Time(told_at);
      states.push_back(row);
    }
    return states;
  });
}

base::Status SqlAlertRepository::Put(const AlertState& state) {
  const std::string key = state.name + "/" + state.subject;
  const std::string status = state.is_firing ? kFiring : kResolved;
  const Nullable<long long> ended_at(state.ended_at_ms);
  const Nullable<long long> told_at(state.told_at_ms);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(
        sql,
        fmt::format(
            "INSERT INTO alerts (alert_key, alert_name, subject, severity, status, summary, began_at, last_true_at, ended_at, "
            "told_webhook, "
            "told_mail, told_at) VALUES (:key, :name, :subject, :severity, :status, :summary, {}, {}, {}, :webhook, :mail, {}) "
            "ON CONFLICT (alert_key) DO UPDATE SET severity = excluded.severity, status = excluded.status, summary = "
            "excluded.summary, "
            "began_at = excluded.began_at, last_true_at = excluded.last_true_at, ended_at = excluded.ended_at, "
            "told_webhook = excluded.told_webhook, told_mail = excluded.told_mail, told_at = excluded.told_at",
            dialect_.ToTime(":began"), dialect_.ToTime(":last_true"), dialect_.ToTime(":ended"), dialect_.ToTime(":told")))
        .Use("key", key)
        .Use("name", state.name)
        .Use("subject", state.subject)
        .Use("severity", state.severity)
        .Use("status", status)
        .Use("summary", state.summary)
        .Use("began", state.began_at_ms)
        .Use("last_true", state.last_true_at_ms)
        .Use("ended", ended_at)
        .Use("webhook", state.told_webhook)
        .Use("mail", state.told_mail)
        .Use("told", told_at)
        .Execute();
    return {};
  });
}

base::Result<std::vector<ProviderOutcomes>> SqlAlertRepository::Providers(std::int64_t from_ms) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<ProviderOutcomes>> {
    std::vector<ProviderOutcomes> rows;
    ProviderOutcomes row;
    Statement statement(sql, fmt::format("SELECT p.provider_name, COUNT(*), SUM(CASE WHEN u.success THEN 1 ELSE 0 END), "
                                         "SUM(CASE WHEN u.success AND u.was_fallback THEN 1 ELSE 0 END) "
                                         "FROM llm_usage_logs u JOIN llm_providers p ON p.id = u.provider_id "
                                         "WHERE u.created_at >= {} AND (u.success OR (u.error_message NOT LIKE 'cancelled:%' AND "
                                         "u.error_message NOT LIKE 'refused:%')) "
                                         "GROUP BY p.provider_name ORDER BY p.provider_name",
                                         dialect_.ToTime(":from_ms")));
    statement.Into(row.provider).Into(row.calls).Into(row.successes).Into(row.fallbacks).Use("from_ms", from_ms);
    for (bool more = statement.Execute(); more; more = statement.Next()) rows.push_back(row);
    return rows;
  });
}

base::Result<SessionOutcomes> SqlAlertRepository::Sessions(std::int64_t from_ms) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<SessionOutcomes> {
    SessionOutcomes outcomes;
    // By the index on status and time: one that ends late, after a conversation or a stay in a queue, began within a day.
    const std::int64_t created_from_ms = from_ms - 86'400'000;
    Statement statement(
        sql,
        fmt::format(
            "SELECT COUNT(*), COALESCE(SUM(CASE WHEN status = 'degraded' THEN 1 ELSE 0 END), 0), "
            "COALESCE(SUM(CASE WHEN status = 'failed' AND error_code IN ('internal', 'storage_unavailable', 'model_unavailable', "
            "'timeout', 'stt_failed') THEN 1 ELSE 0 END), 0) FROM speech_practice_sessions "
            "WHERE status IN ('completed', 'degraded', 'failed') AND created_at >= {} AND completed_at >= {}",
            dialect_.ToTime(":created_from"), dialect_.ToTime(":from_ms")));
    statement.Into(outcomes.ended)
        .Into(outcomes.degraded)
        .Into(outcomes.failed_by_us)
        .Use("created_from", created_from_ms)
        .Use("from_ms", from_ms);
    statement.ExecuteForOne();
    return outcomes;
  });
}

}  // namespace speechcoach::storage
