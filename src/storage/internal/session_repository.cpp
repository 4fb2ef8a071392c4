#include "storage/internal/session_repository.h"

#include <fmt/format.h>

#include "storage/internal/page_cursor.h"
#include "storage/internal/row_columns.h"
#include "storage/internal/session_row.h"
#include "storage/internal/session_select.h"

namespace speechcoach::storage {
namespace {

constexpr int kMaxPageSize = 100;

std::string InsertSessionText(const Dialect& dialect) {
  const SessionRow row;
  return InsertText(dialect, "speech_practice_sessions", [&](auto visitor) { VisitAllColumns(row, visitor); });
}

std::string UpdateSessionText(const Dialect& dialect) {
  const SessionRow row;
  const std::string assignments = AssignmentsText(dialect, [&](auto visitor) { VisitAllColumns(row, visitor); });
  return fmt::format(
      "UPDATE speech_practice_sessions SET {}, voice_found = NULL, analysis_found = NULL "
      "WHERE id = :id AND status = :expected AND (status <> 'processing' OR COALESCE(audio_url, '') = :analysed)",
      assignments);
}

void UseAll(const SessionRow& row, Statement& statement) {
  VisitAllColumns(row, [&](const char* name, const auto& value) { statement.Use(name, value); });
}

const model::Session& SessionOf(const model::Session& session) { return session; }
const model::Session& SessionOf(const model::SessionSummary& summary) { return summary.session; }
const model::Session& SessionOf(const StoredSession& stored) { return stored.session; }

base::Result<StoredSession> StoredFromRow(const SessionRow& row) {
  auto session = HeadFromRow(row);
  if (!session.ok()) return session.error();
  return StoredSession{std::move(*session), row.analysis_result.has_value() ? row.analysis_result.value : std::string()};
}

// How ReadPage reads whole sessions, those whose analysis stays text, and what lists show of them.
struct WholeReader {
  SessionRow row = {};
  static std::string Text(const Dialect& dialect, std::string_view conditions) { return SessionSelectText(dialect, conditions); }
  void Into(Statement& statement) { IntoStored(row, statement); }
  base::Result<model::Session> Read() const { return FromRow(row); }
};
struct StoredReader {
  SessionRow row = {};
  static std::string Text(const Dialect& dialect, std::string_view conditions) { return SessionSelectText(dialect, conditions); }
  void Into(Statement& statement) { IntoStored(row, statement); }
  base::Result<StoredSession> Read() const { return StoredFromRow(row); }
};
struct SummaryReader {
  SessionRow row = {};
  static std::string Text(const Dialect& dialect, std::string_view conditions) { return SummarySelectText(dialect, conditions); }
  void Into(Statement& statement) { IntoSummary(row, statement); }
  base::Result<model::SessionSummary> Read() const { return SummaryFromRow(row); }
};

}  // namespace

SqlSessionRepository::SqlSessionRepository(ConnectionPool& pool, const Dialect& dialect)
    : pool_(pool),
      dialect_(dialect),
      insert_text_(InsertSessionText(dialect)),
      update_text_(UpdateSessionText(dialect)),
      get_text_(SessionSelectText(dialect, "id = :id")) {}

base::Status SqlSessionRepository::Create(const model::Session& session) {
  const SessionRow row = ToRow(session);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, insert_text_);
    UseAll(row, statement);
    statement.Execute();
    return {};
  });
}

base::Result<model::Session> SqlSessionRepository::Get(std::string_view id) {
  const std::string wanted(id);
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<model::Session> {
    SessionRow row;
    Statement statement(sql, get_text_);
    IntoStored(row, statement);
    if (!statement.Use("id", wanted).ExecuteForOne()) return {base::ErrorCode::kSessionNotFound, "no such session"};
    return FromRow(row);
  });
}

base::Result<StoredSession> SqlSessionRepository::GetStored(std::string_view id) {
  const std::string wanted(id);
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<StoredSession> {
    SessionRow row;
    Statement statement(sql, get_text_);
    IntoStored(row, statement);
    if (!statement.Use("id", wanted).ExecuteForOne()) return {base::ErrorCode::kSessionNotFound, "no such session"};
    return StoredFromRow(row);
  });
}

base::Result<SessionPage> SqlSessionRepository::List(std::int64_t user_id, const SessionFilter& filter) {
  return ReadPage<SessionPage, WholeReader>(user_id, filter);
}

base::Result<SummaryPage> SqlSessionRepository::ListSummaries(std::int64_t user_id, const SessionFilter& filter) {
  return ReadPage<SummaryPage, SummaryReader>(user_id, filter);
}

base::Result<StoredPage> SqlSessionRepository::ListStored(std::int64_t user_id, const SessionFilter& filter) {
  return ReadPage<StoredPage, StoredReader>(user_id, filter);
}

template <typename Page, typename Reader>
base::Result<Page> SqlSessionRepository::ReadPage(std::int64_t user_id, const SessionFilter& filter) {
  if (filter.limit < 1 || filter.limit > kMaxPageSize) return {base::ErrorCode::kBadField, "limit: 1 to 100"};
  const std::optional<PagePosition> after = DecodeCursor(filter.cursor);
  if (!filter.cursor.empty() && !after) return {base::ErrorCode::kBadField, "cursor: not one this service gave out"};

  std::string conditions = fmt::format("user_id = :user_id AND created_at >= {}", dialect_.ToTime(":from"));
  if (filter.created_to_ms != 0) conditions += fmt::format(" AND created_at < {}", dialect_.ToTime(":to"));
  if (filter.mode) conditions += " AND mode = :mode";
  if (filter.status) conditions += " AND status = :status";
  if (after) conditions += fmt::format(" AND (created_at, id) < ({}, :after_id)", dialect_.ToTime(":after_time"));
  const std::string text = Reader::Text(dialect_, conditions + " ORDER BY created_at DESC, id DESC LIMIT :rows");

  const std::string mode(filter.mode ? model::Name(*filter.mode) : "");
  const std::string status(filter.status ? model::Name(*filter.status) : "");
  const int rows = filter.limit + 1;  // one more than the page tells whether there is a next page
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<Page> {
    Reader reader;
    Statement statement(sql, text);
    reader.Into(statement);
    statement.Use("user_id", user_id).Use("from", filter.created_from_ms);
    if (filter.created_to_ms != 0) statement.Use("to", filter.created_to_ms);
    if (filter.mode) statement.Use("mode", mode);
    if (filter.status) statement.Use("status", status);
    if (after) statement.Use("after_time", after->created_at_ms).Use("after_id", after->id);
    statement.Use("rows", rows);

    Page page;
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      auto session = reader.Read();
      if (!session.ok()) return session.error();
      page.sessions.push_back(std::move(*session));
    }
    if (static_cast<int>(page.sessions.size()) > filter.limit) {
      page.sessions.pop_back();
      const model::Session& last = SessionOf(page.sessions.back());
      page.next_cursor = EncodeCursor({last.created_at_ms, last.id});
    }
    return page;
  });
}

base::Result<int> SqlSessionRepository::CountSince(std::int64_t user_id, std::int64_t since_ms) {
  const std::string text = fmt::format(
      "SELECT COUNT(*) FROM speech_practice_sessions WHERE user_id = :user_id AND created_at >= {}", dialect_.ToTime(":since"));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<int> {
    int count = 0;
    Statement(sql, text).Into(count).Use("user_id", user_id).Use("since", since_ms).ExecuteForOne();
    return count;
  });
}

base::Status SqlSessionRepository::UpdateIfStatus(const model::Session& session, model::SessionStatus expected) {
  const SessionRow row = ToRow(session);
  const std::string status(model::Name(expected));
  const std::string analysed = session.audio_key;
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, update_text_);
    UseAll(row, statement);
    if (statement.Use("expected", status).Use("analysed", analysed).ExecuteForCount() == 0) {
      return {base::ErrorCode::kWrongState, fmt::format("the session is no longer {}, or with another recording", status)};
    }
    return {};
  });
}

base::Status SqlSessionRepository::Delete(std::string_view id) {
  const std::string wanted(id);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    // Answers kept for those who ask twice repeat what was said in it.
    const std::string about = "%" + wanted + "%";
    Statement(sql,
              "DELETE FROM idempotent_requests WHERE user_id = (SELECT user_id FROM speech_practice_sessions WHERE id = :id) AND "
              "body LIKE :about")
        .Use("id", wanted)
        .Use("about", about)
        .Execute();
    Statement statement(sql, "DELETE FROM speech_practice_sessions WHERE id = :id");
    if (statement.Use("id", wanted).ExecuteForCount() == 0) return {base::ErrorCode::kSessionNotFound, "no such session"};
    transaction.commit();
    return {};
  });
}

base::Result<std::vector<std::string>> SqlSessionRepository::IdsWithStatus(model::SessionStatus status) {
  const std::string name(model::Name(status));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<std::string>> {
    std::vector<std::string> ids;
    std::string id;
    Statement statement(sql, "SELECT id FROM speech_practice_sessions WHERE status = :status ORDER BY created_at, id");
    statement.Into(id).Use("status", name);
    for (bool more = statement.Execute(); more; more = statement.Next()) ids.push_back(id);
    return ids;
  });
}

}  // namespace speechcoach::storage
