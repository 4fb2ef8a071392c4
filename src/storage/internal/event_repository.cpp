#include "storage/internal/event_repository.h"

#include <utility>

#include <fmt/format.h>

#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

// Two processes that add at once may choose the same number: the later one waits for the other's commit and chooses again. Each
// attempt lost is another's event kept, so only as many can be lost as events come at once.
constexpr int kMaxAttempts = 100;

}  // namespace

SqlEventRepository::SqlEventRepository(ConnectionPool& pool, const Dialect& dialect)
    : pool_(pool),
      add_text_(fmt::format("INSERT INTO session_events (session_id, number, created_at, payload) "
                            "VALUES (:session_id, (SELECT COALESCE(MAX(number), 0) + 1 FROM session_events WHERE session_id = "
                            ":same_id), {}, :payload) "
                            "ON CONFLICT (session_id, number) DO NOTHING RETURNING number",
                            dialect.ToTime(":created_at"))),
      after_text_(fmt::format(
          "SELECT number, {}, payload FROM session_events WHERE session_id = :session_id AND number > :number ORDER BY number",
          dialect.ToMilliseconds("created_at"))),
      remove_text_(fmt::format("DELETE FROM session_events WHERE created_at < {}", dialect.ToTime(":before"))) {}

base::Result<std::int64_t> SqlEventRepository::Add(std::string_view session_id, std::int64_t at_ms, std::string_view payload) {
  const std::string id(session_id);
  const std::string text(payload);
  const long long created_at = at_ms;
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<std::int64_t> {
    for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
      long long number = 0;
      Statement statement(sql, add_text_);
      statement.Into(number).Use("session_id", id).Use("same_id", id).Use("created_at", created_at).Use("payload", text);
      if (statement.ExecuteForOne()) return static_cast<std::int64_t>(number);
    }
    return {base::ErrorCode::kStorageUnavailable, "too many add events of one session at once"};
  });
}

base::Result<std::vector<EventRecord>> SqlEventRepository::After(std::string_view session_id, std::int64_t number) {
  const std::string id(session_id);
  const long long after = number;
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<EventRecord>> {
    std::vector<EventRecord> events;
    long long at = 0;
    long long at_ms = 0;
    std::string payload;
    Statement statement(sql, after_text_);
    statement.Into(at).Into(at_ms).Into(payload).Use("session_id", id).Use("number", after);
    for (bool more = statement.Execute(); more; more = statement.Next()) events.push_back({at, at_ms, payload});
    return events;
  });
}

base::Status SqlEventRepository::RemoveOlderThan(std::int64_t at_ms) {
  const long long before = at_ms;
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, remove_text_).Use("before", before).Execute();
    return {};
  });
}

}  // namespace speechcoach::storage
