#include "storage/internal/dispute_repository.h"

#include <fmt/format.h>

#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

std::vector<model::ScoreDispute> Read(Statement& statement) {
  std::vector<model::ScoreDispute> disputes;
  model::ScoreDispute row;
  Nullable<long long> reviewed_at;
  statement.Into(row.id)
      .Into(row.session_id)
      .Into(row.user_id)
      .Into(row.score)
      .Into(row.given)
      .Into(row.text)
      .Into(row.created_at_ms)
      .Into(reviewed_at);
  for (bool more = statement.Execute(); more; more = statement.Next()) {
    row.reviewed_at_ms = reviewed_at.has_value() ? std::optional<std::int64_t>(reviewed_at.value) : std::nullopt;
    disputes.push_back(row);
  }
  return disputes;
}

}  // namespace

std::string SqlDisputeRepository::SelectText(std::string_view conditions) const {
  return fmt::format("SELECT id, session_id, user_id, score, given, text, {}, {} FROM score_disputes WHERE {}",
                     dialect_.ToMilliseconds("created_at"), dialect_.ToMilliseconds("reviewed_at"), conditions);
}

base::Result<model::ScoreDispute> SqlDisputeRepository::Add(const model::ScoreDispute& dispute) {
  const std::string text = fmt::format(
      "INSERT INTO score_disputes (session_id, user_id, score, given, text, created_at) "
      "VALUES (:session_id, :user_id, :score, :given, :text, {}) ON CONFLICT (session_id, score) DO UPDATE SET "
      "given = excluded.given, text = excluded.text, created_at = excluded.created_at, reviewed_at = NULL RETURNING id",
      dialect_.ToTime(":created_at"));
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<model::ScoreDispute> {
    model::ScoreDispute added = dispute;
    Statement(sql, text)
        .Into(added.id)
        .Use("session_id", dispute.session_id)
        .Use("user_id", dispute.user_id)
        .Use("score", dispute.score)
        .Use("given", dispute.given)
        .Use("text", dispute.text)
        .Use("created_at", dispute.created_at_ms)
        .ExecuteForOne();
    return added;
  });
}

base::Result<model::ScoreDispute> SqlDisputeRepository::Get(std::int64_t id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<model::ScoreDispute> {
    Statement statement(sql, SelectText("id = :id"));
    auto found = Read(statement.Use("id", id));
    if (found.empty()) return {base::ErrorCode::kNotFound, "no such dispute"};
    return std::move(found.front());
  });
}

base::Result<std::vector<model::ScoreDispute>> SqlDisputeRepository::Open(std::int64_t after_id, int limit) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::ScoreDispute>> {
    Statement statement(sql, SelectText("reviewed_at IS NULL AND id > :after ORDER BY id LIMIT :rows"));
    return Read(statement.Use("after", after_id).Use("rows", limit));
  });
}

base::Result<std::vector<model::ScoreDispute>> SqlDisputeRepository::By(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::ScoreDispute>> {
    Statement statement(sql, SelectText("user_id = :user_id ORDER BY id"));
    return Read(statement.Use("user_id", user_id));
  });
}

base::Status SqlDisputeRepository::MarkReviewed(std::int64_t id, std::int64_t now_ms) {
  const std::string text =
      fmt::format("UPDATE score_disputes SET reviewed_at = {} WHERE id = :id AND reviewed_at IS NULL", dialect_.ToTime(":now"));
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, text);
    if (statement.Use("now", now_ms).Use("id", id).ExecuteForCount() == 0)
      return {base::ErrorCode::kNotFound, "no such open dispute"};
    return {};
  });
}

}  // namespace speechcoach::storage
