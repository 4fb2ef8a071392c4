#include "storage/internal/schedule_repository.h"

#include <fmt/format.h>

#include "storage/internal/statement.h"

namespace speechcoach::storage {

SqlScheduleRepository::SqlScheduleRepository(ConnectionPool& pool, const Dialect& dialect)
    : pool_(pool),
      runs_text_(fmt::format(
          "SELECT job_name, {}, fence, attempts, {}, {}, CAST(succeeded AS INTEGER), last_duration_ms, {}, runs, failures "
          "FROM scheduled_jobs ORDER BY job_name",
          dialect.ToMilliseconds("due_at"), dialect.ToMilliseconds("began_at"), dialect.ToMilliseconds("ended_at"),
          dialect.ToMilliseconds("last_success_at"))),
      begin_text_(fmt::format(
          "INSERT INTO scheduled_jobs (job_name, due_at, fence, attempts, began_at, succeeded, last_duration_ms, runs, failures) "
          "VALUES (:job, {}, :fence, 1, {}, FALSE, 0, 0, 0) ON CONFLICT (job_name) DO UPDATE SET "
          "due_at = excluded.due_at, began_at = excluded.began_at, ended_at = NULL, succeeded = FALSE, "
          "fence = CASE WHEN excluded.fence = 0 THEN scheduled_jobs.fence ELSE excluded.fence END, "
          "attempts = CASE WHEN scheduled_jobs.due_at = excluded.due_at THEN scheduled_jobs.attempts + 1 ELSE 1 END "
          "WHERE (excluded.fence = 0 OR excluded.fence >= scheduled_jobs.fence) AND ("
          "(scheduled_jobs.due_at < excluded.due_at AND (scheduled_jobs.ended_at IS NOT NULL OR scheduled_jobs.began_at <= {})) "
          "OR "
          "(scheduled_jobs.due_at = excluded.due_at AND NOT scheduled_jobs.succeeded AND scheduled_jobs.began_at <= {} "
          "AND scheduled_jobs.attempts < :max_attempts) OR scheduled_jobs.due_at > {})",
          dialect.ToTime(":due"), dialect.ToTime(":now"), dialect.ToTime(":dead"), dialect.ToTime(":dead2"),
          dialect.ToTime(":ahead"))),
      end_text_(fmt::format("UPDATE scheduled_jobs SET ended_at = {0}, succeeded = CASE WHEN :good = 1 THEN TRUE ELSE FALSE END, "
                            "last_duration_ms = :duration, "
                            "last_success_at = CASE WHEN :good2 = 1 THEN {1} ELSE last_success_at END, runs = runs + 1, "
                            "failures = failures + CASE WHEN :good3 = 1 THEN 0 ELSE 1 END WHERE job_name = :job AND due_at = {2} "
                            "AND began_at = {3}",
                            dialect.ToTime(":now"), dialect.ToTime(":now2"), dialect.ToTime(":due"), dialect.ToTime(":began"))),
      interrupt_text_(fmt::format("UPDATE scheduled_jobs SET ended_at = {}, began_at = {}, attempts = attempts - 1 "
                                  "WHERE job_name = :job AND due_at = {} AND began_at = {}",
                                  dialect.ToTime(":now"), dialect.ToTime(":long_ago"), dialect.ToTime(":due"),
                                  dialect.ToTime(":began"))) {}

base::Result<std::vector<ScheduledRun>> SqlScheduleRepository::Runs() {
  return pool_.Run(Access::kRead, [this](Connection& sql) -> base::Result<std::vector<ScheduledRun>> {
    std::vector<ScheduledRun> runs;
    ScheduledRun row;
    int succeeded = 0;
    Nullable<long long> ended_at, success_at;
    Statement statement(sql, runs_text_);
    statement.Into(row.job)
        .Into(row.due_at_ms)
        .Into(row.fence)
        .Into(row.attempts)
        .Into(row.began_at_ms)
        .Into(ended_at)
        .Into(succeeded);
    statement.Into(row.last_duration_ms).Into(success_at).Into(row.runs).Into(row.failures);
    const auto time = [](const Nullable<long long>& column) {
      return column.has_value() ? std::optional<std::int64_t>(column.value) : std::nullopt;
    };
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      row.ended_at_ms = time(ended_at);
      row.last_success_at_ms = time(success_at);
      row.succeeded = succeeded != 0;
      runs.push_back(row);
    }
    return runs;
  });
}

base::Result<bool> SqlScheduleRepository::Begin(const RunClaim& claim) {
  const std::int64_t dead = claim.now_ms - claim.longest_ms;
  const std::int64_t ahead = claim.now_ms + kClockSkewMs;
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<bool> {
    return Statement(sql, begin_text_)
               .Use("job", claim.job)
               .Use("due", claim.due_at_ms)
               .Use("fence", claim.fence)
               .Use("now", claim.now_ms)
               .Use("dead", dead)
               .Use("dead2", dead)
               .Use("max_attempts", claim.max_attempts)
               .Use("ahead", ahead)
               .ExecuteForCount() > 0;
  });
}

base::Status SqlScheduleRepository::End(const RunClaim& claim, std::int64_t now_ms, RunEnd end) {
  const int good = end == RunEnd::kSucceeded ? 1 : 0;
  const std::int64_t duration = now_ms - claim.now_ms;
  const std::int64_t long_ago = 0;
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, end == RunEnd::kInterrupted ? interrupt_text_ : end_text_);
    statement.Use("now", now_ms);
    if (end == RunEnd::kInterrupted) {
      statement.Use("long_ago", long_ago);
    } else {
      statement.Use("good", good).Use("duration", duration).Use("good2", good).Use("now2", now_ms).Use("good3", good);
    }
    statement.Use("job", claim.job).Use("due", claim.due_at_ms).Use("began", claim.now_ms).Execute();
    return {};
  });
}

}  // namespace speechcoach::storage
