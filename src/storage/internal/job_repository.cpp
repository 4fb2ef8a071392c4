#include "storage/internal/job_repository.h"

#include <fmt/format.h>

#include "storage/internal/statement.h"

namespace speechcoach::storage {

SqlJobRepository::SqlJobRepository(ConnectionPool& pool, const Dialect& dialect)
    : pool_(pool),
      add_text_(fmt::format("INSERT INTO jobs (kind, session_id, attempt, created_at) VALUES (:kind, :session_id, :attempt, {}) "
                            "ON CONFLICT (session_id, kind) DO NOTHING",
                            dialect.ToTime(":created_at"))) {}

base::Status SqlJobRepository::Add(const JobRecord& job) {
  const long long now_ms = clock_.NowMs();
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, add_text_)
        .Use("kind", job.kind)
        .Use("session_id", job.session_id)
        .Use("attempt", job.attempt)
        .Use("created_at", now_ms)
        .Execute();
    return {};
  });
}

base::Result<std::vector<JobRecord>> SqlJobRepository::Pending() {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<JobRecord>> {
    std::vector<JobRecord> jobs;
    JobRecord job;
    Statement statement(sql, "SELECT kind, session_id, attempt FROM jobs ORDER BY id");
    statement.Into(job.kind).Into(job.session_id).Into(job.attempt);
    for (bool more = statement.Execute(); more; more = statement.Next()) jobs.push_back(job);
    return jobs;
  });
}

base::Result<int> SqlJobRepository::CountAttempt(const JobRecord& job) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<int> {
    int attempt = 0;
    Statement statement(
        sql, "UPDATE jobs SET attempt = attempt + 1 WHERE session_id = :session_id AND kind = :kind RETURNING attempt");
    if (!statement.Into(attempt).Use("session_id", job.session_id).Use("kind", job.kind).ExecuteForOne()) {
      return {base::ErrorCode::kNotFound, "no such job"};
    }
    return attempt;
  });
}

base::Status SqlJobRepository::ForgetAttempts(const JobRecord& job) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, "UPDATE jobs SET attempt = 0 WHERE session_id = :session_id AND kind = :kind")
        .Use("session_id", job.session_id)
        .Use("kind", job.kind)
        .Execute();
    return {};
  });
}

base::Status SqlJobRepository::Remove(const JobRecord& job) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, "DELETE FROM jobs WHERE session_id = :session_id AND kind = :kind")
        .Use("session_id", job.session_id)
        .Use("kind", job.kind)
        .Execute();
    return {};
  });
}

}  // namespace speechcoach::storage
