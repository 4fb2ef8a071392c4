// The part of ClassRepository about assignments, what is hard, comments and the record of who saw what.
#include <fmt/format.h>
#include <boost/json.hpp>

#include "json/progress_json.h"
#include "storage/internal/class_repository.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

constexpr std::string_view kHeardToRate = "heard_to_rate";

}  // namespace

base::Result<model::Assignment> SqlClassRepository::Assign(const model::Assignment& assignment) {
  const Nullable<long long> due_at(assignment.due_at_ms);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<model::Assignment> {
    model::Assignment created = assignment;
    Statement(sql, fmt::format("INSERT INTO assignments (class_id, sentence_id, note, due_at, created_at) "
                               "VALUES (:class_id, :sentence_id, :note, {}, {}) RETURNING id",
                               dialect_.ToTime(":due_at"), dialect_.ToTime(":created_at")))
        .Into(created.id)
        .Use("class_id", assignment.class_id)
        .Use("sentence_id", assignment.sentence_id)
        .Use("note", assignment.note)
        .Use("due_at", due_at)
        .Use("created_at", assignment.created_at_ms)
        .ExecuteForOne();
    return created;
  });
}

base::Status SqlClassRepository::Unassign(std::int64_t class_id, std::int64_t assignment_id) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, "DELETE FROM assignments WHERE id = :id AND class_id = :class_id");
    if (statement.Use("id", assignment_id).Use("class_id", class_id).ExecuteForCount() == 0) {
      return {base::ErrorCode::kNotFound, "no such assignment"};
    }
    return {};
  });
}

base::Result<std::vector<model::Assignment>> SqlClassRepository::Assignments(std::int64_t class_id) {
  const std::string text = fmt::format(
      "SELECT a.id, a.class_id, a.sentence_id, s.text, a.note, {}, {} FROM assignments a JOIN sentences s ON s.id = "
      "a.sentence_id "
      "WHERE a.class_id = :class_id ORDER BY a.id",
      dialect_.ToMilliseconds("a.due_at"), dialect_.ToMilliseconds("a.created_at"));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::Assignment>> {
    std::vector<model::Assignment> assignments;
    model::Assignment row;
    Nullable<long long> due_at;
    Statement statement(sql, text);
    statement.Into(row.id)
        .Into(row.class_id)
        .Into(row.sentence_id)
        .Into(row.sentence_text)
        .Into(row.note)
        .Into(due_at)
        .Into(row.created_at_ms);
    statement.Use("class_id", class_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      row.due_at_ms = due_at.has_value() ? std::optional<std::int64_t>(due_at.value) : std::nullopt;
      assignments.push_back(row);
    }
    return assignments;
  });
}

base::Result<std::vector<model::AssignmentWork>> SqlClassRepository::Work(std::int64_t class_id,
                                                                          std::optional<std::int64_t> user_id) {
  const std::string text = fmt::format(
      "SELECT m.user_id, a.id, COUNT(*), MAX(s.overall_score), {} FROM assignments a JOIN class_members m ON m.class_id = "
      "a.class_id "
      "JOIN speech_practice_sessions s ON s.user_id = m.user_id AND s.sentence_id = a.sentence_id AND s.created_at >= "
      "m.joined_at "
      "AND s.created_at >= a.created_at AND s.status IN ('completed', 'degraded') AND s.overall_score IS NOT NULL "
      "WHERE a.class_id = :class_id {} GROUP BY m.user_id, a.id ORDER BY m.user_id, a.id",
      dialect_.ToMilliseconds("MIN(s.created_at)"), user_id ? "AND m.user_id = :user_id" : "");
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::AssignmentWork>> {
    std::vector<model::AssignmentWork> work;
    model::AssignmentWork row;
    Statement statement(sql, text);
    statement.Into(row.user_id).Into(row.assignment_id).Into(row.readings).Into(row.best_overall).Into(row.first_at_ms);
    statement.Use("class_id", class_id);
    if (user_id) statement.Use("user_id", *user_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) work.push_back(row);
    return work;
  });
}

base::Result<std::vector<model::Contribution>> SqlClassRepository::Contributions(std::int64_t class_id, std::int64_t since_ms,
                                                                                 int limit) {
  const std::string text = fmt::format(
      "SELECT c.contribution FROM class_members m JOIN speech_practice_sessions s ON s.user_id = m.user_id AND s.created_at >= "
      "m.joined_at "
      "AND s.created_at >= {} JOIN session_contributions c ON c.session_id = s.id WHERE m.class_id = :class_id "
      "ORDER BY s.created_at DESC, s.id LIMIT :rows",
      dialect_.ToTime(":since"));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::Contribution>> {
    std::vector<model::Contribution> contributions;
    std::string row;
    Statement statement(sql, text);
    statement.Into(row).Use("since", since_ms).Use("class_id", class_id).Use("rows", limit);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      contributions.push_back(json::ContributionFromJson(boost::json::parse(row)));
    }
    return contributions;
  });
}

base::Result<model::SessionComment> SqlClassRepository::AddComment(const model::SessionComment& comment) {
  const Nullable<double> at_s(comment.at_s);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<model::SessionComment> {
    model::SessionComment created = comment;
    Statement(sql, fmt::format("INSERT INTO session_comments (session_id, author_id, at_s, text, created_at) "
                               "VALUES (:session_id, :author_id, :at_s, :text, {}) RETURNING id",
                               dialect_.ToTime(":created_at")))
        .Into(created.id)
        .Use("session_id", comment.session_id)
        .Use("author_id", comment.author_id)
        .Use("at_s", at_s)
        .Use("text", comment.text)
        .Use("created_at", comment.created_at_ms)
        .ExecuteForOne();
    return created;
  });
}

base::Result<std::vector<model::SessionComment>> SqlClassRepository::Comments(std::string_view session_id) {
  return CommentsWhere("c.session_id = :wanted", std::string(session_id));
}

base::Result<std::vector<model::SessionComment>> SqlClassRepository::CommentsBy(std::int64_t author_id) {
  return CommentsWhere("c.author_id = :wanted", author_id);
}

template <typename Wanted>
base::Result<std::vector<model::SessionComment>> SqlClassRepository::CommentsWhere(std::string_view condition,
                                                                                   const Wanted& wanted) {
  const std::string text = fmt::format(
      "SELECT c.id, c.session_id, c.author_id, u.name, c.at_s, c.text, {} FROM session_comments c JOIN users u ON u.id = "
      "c.author_id "
      "WHERE {} ORDER BY c.id",
      dialect_.ToMilliseconds("c.created_at"), condition);
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::SessionComment>> {
    std::vector<model::SessionComment> comments;
    model::SessionComment row;
    Nullable<double> at_s;
    Statement statement(sql, text);
    statement.Into(row.id)
        .Into(row.session_id)
        .Into(row.author_id)
        .Into(row.author_name)
        .Into(at_s)
        .Into(row.text)
        .Into(row.created_at_ms);
    statement.Use("wanted", wanted);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      row.at_s = at_s.has_value() ? std::optional(at_s.value) : std::nullopt;
      comments.push_back(row);
    }
    return comments;
  });
}

base::Status SqlClassRepository::LogAccess(const model::AccessRecord& record) {
  const Nullable<std::string> session_id = NullIfEmpty(record.session_id);
  const int is_to_rate = record.action == kHeardToRate ? 1 : 0;
  const std::string action = is_to_rate == 1 ? "heard" : record.action;
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, fmt::format("INSERT INTO access_log (user_id, actor_id, action, is_to_rate, session_id, created_at) "
                               "VALUES (:user_id, :actor_id, :action, CAST(:is_to_rate AS INTEGER) = 1, :session_id, {})",
                               dialect_.ToTime(":created_at")))
        .Use("user_id", record.user_id)
        .Use("actor_id", record.actor_id)
        .Use("action", action)
        .Use("is_to_rate", is_to_rate)
        .Use("session_id", session_id)
        .Use("created_at", record.created_at_ms)
        .Execute();
    return {};
  });
}

base::Result<std::vector<model::AccessRecord>> SqlClassRepository::AccessesTo(std::int64_t user_id, std::int64_t before_id,
                                                                              int limit) {
  const std::string text = fmt::format(
      "SELECT a.id, a.user_id, COALESCE(a.actor_id, 0), COALESCE(u.name, ''), CASE WHEN a.is_to_rate THEN '{}' ELSE a.action "
      "END, COALESCE(a.session_id, ''), {} FROM access_log a "
      "LEFT JOIN users u ON u.id = a.actor_id WHERE a.user_id = :user_id AND a.id < :before ORDER BY a.id DESC LIMIT :rows",
      kHeardToRate, dialect_.ToMilliseconds("a.created_at"));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::AccessRecord>> {
    std::vector<model::AccessRecord> records;
    model::AccessRecord row;
    Statement statement(sql, text);
    statement.Into(row.id)
        .Into(row.user_id)
        .Into(row.actor_id)
        .Into(row.actor_name)
        .Into(row.action)
        .Into(row.session_id)
        .Into(row.created_at_ms);
    statement.Use("user_id", user_id).Use("before", before_id).Use("rows", limit);
    for (bool more = statement.Execute(); more; more = statement.Next()) records.push_back(row);
    return records;
  });
}

}  // namespace speechcoach::storage
