#include "storage/internal/guardian_repository.h"

#include <fmt/format.h>

#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

constexpr std::string_view kGuardian = "guardian";
// A guardian's own word stands above the school's, also where it is no.
constexpr std::string_view kUnlessGuardianSpoke =
    "WHERE guardian_consents.refused_at IS NULL AND (guardian_consents.given_by IS NULL OR guardian_consents.given_by = 'school')";

std::vector<model::GuardianConsent> Read(Statement& statement) {
  std::vector<model::GuardianConsent> consents;
  model::GuardianConsent row;
  Nullable<std::string> given_by;
  Nullable<std::string> guardian;
  Nullable<long long> given_at;
  statement.Into(row.user_id).Into(row.name).Into(given_by).Into(guardian).Into(given_at);
  for (bool more = statement.Execute(); more; more = statement.Next()) {
    row.source.reset();
    if (given_by.has_value()) row.source = given_by.value == kGuardian ? model::ConsentSource::kGuardian : model::ConsentSource::kSchool;
    row.guardian = guardian.has_value() ? guardian.value : std::string();
    row.given_at_ms = given_at.has_value() ? given_at.value : 0;
    consents.push_back(row);
  }
  return consents;
}

}  // namespace

void InsertChild(std::int64_t user_id, std::int64_t now_ms, const Dialect& dialect, Connection& sql) {
  Statement(sql, fmt::format("INSERT INTO guardian_consents (user_id, declared_at) VALUES (:user_id, {}) ON CONFLICT (user_id) DO NOTHING",
                             dialect.ToTime(":now")))
      .Use("user_id", user_id)
      .Use("now", now_ms)
      .Execute();
}

void RecordInvitedChild(std::int64_t class_id, std::int64_t user_id, const std::string& email, std::int64_t now_ms, const Dialect& dialect, Connection& sql) {
  Statement(sql, fmt::format("INSERT INTO guardian_consents (user_id, declared_at, given_by, recorded_by, given_at) "
                             "SELECT CAST(:user_id AS BIGINT), {}, CASE WHEN i.has_consent THEN 'school' END, c.teacher_id, CASE WHEN i.has_consent THEN {} END "
                             "FROM invited_children i JOIN classes c ON c.id = i.class_id WHERE i.class_id = :class_id AND i.email = :email "
                             "ON CONFLICT (user_id) DO UPDATE SET given_by = excluded.given_by, recorded_by = excluded.recorded_by, given_at = excluded.given_at "
                             "WHERE guardian_consents.refused_at IS NULL AND guardian_consents.given_by IS NULL",
                             dialect.ToTime(":now"), dialect.ToTime(":given")))
      .Use("user_id", user_id)
      .Use("now", now_ms)
      .Use("given", now_ms)
      .Use("class_id", class_id)
      .Use("email", email)
      .Execute();
}

std::string SqlGuardianRepository::SelectText(std::string_view rest) const {
  return fmt::format("SELECT g.user_id, u.name, g.given_by, g.guardian, {} FROM guardian_consents g JOIN users u ON u.id = g.user_id {}",
                     dialect_.ToMilliseconds("g.given_at"), rest);
}

base::Status SqlGuardianRepository::DeclareChild(std::int64_t user_id, std::int64_t now_ms) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    InsertChild(user_id, now_ms, dialect_, sql);
    return {};
  });
}

base::Result<std::optional<model::GuardianConsent>> SqlGuardianRepository::Of(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::optional<model::GuardianConsent>> {
    Statement statement(sql, SelectText("WHERE g.user_id = :user_id"));
    auto found = Read(statement.Use("user_id", user_id));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
  });
}

base::Result<bool> SqlGuardianRepository::MayPractise(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<bool> {
    long long child = 0;
    return !Statement(sql, "SELECT user_id FROM guardian_consents WHERE user_id = :user_id AND given_by IS NULL").Into(child).Use("user_id", user_id).ExecuteForOne();
  });
}

base::Status SqlGuardianRepository::PutCode(std::int64_t user_id, std::string_view code_hash) {
  const std::string hash(code_hash);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, fmt::format("UPDATE guardian_consents SET code_hash = :hash {} AND user_id = :user_id", kUnlessGuardianSpoke));
    if (statement.Use("hash", hash).Use("user_id", user_id).ExecuteForCount() == 0) return {base::ErrorCode::kConflict, "no child, or a guardian has answered"};
    return {};
  });
}

base::Result<model::GuardianConsent> SqlGuardianRepository::FindByCode(std::string_view code_hash) {
  const std::string hash(code_hash);
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<model::GuardianConsent> {
    Statement statement(sql, SelectText("WHERE g.code_hash = :hash"));
    auto found = Read(statement.Use("hash", hash));
    if (found.empty()) return {base::ErrorCode::kNotFound, "no such link"};
    return std::move(found.front());
  });
}

base::Status SqlGuardianRepository::Give(std::int64_t user_id, std::string_view guardian, std::int64_t now_ms) {
  const std::string name(guardian);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, fmt::format("UPDATE guardian_consents SET given_by = 'guardian', guardian = :guardian, recorded_by = NULL, given_at = {}, "
                                         "refused_at = NULL WHERE user_id = :user_id",
                                         dialect_.ToTime(":now")));
    if (statement.Use("guardian", name).Use("now", now_ms).Use("user_id", user_id).ExecuteForCount() == 0) return {base::ErrorCode::kNotFound, "no child"};
    return {};
  });
}

base::Status SqlGuardianRepository::Refuse(std::int64_t user_id, std::int64_t now_ms) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, fmt::format("UPDATE guardian_consents SET given_by = NULL, guardian = NULL, recorded_by = NULL, given_at = NULL, "
                                         "refused_at = {} WHERE user_id = :user_id",
                                         dialect_.ToTime(":now")));
    if (statement.Use("now", now_ms).Use("user_id", user_id).ExecuteForCount() == 0) return {base::ErrorCode::kNotFound, "no child"};
    return {};
  });
}

base::Status SqlGuardianRepository::Record(std::int64_t user_id, std::int64_t teacher_id, bool is_held, std::int64_t now_ms) {
  const std::string held = fmt::format("UPDATE guardian_consents SET given_by = 'school', recorded_by = :teacher_id, given_at = {} {} AND user_id = :user_id",
                                       dialect_.ToTime(":now"), kUnlessGuardianSpoke);
  const std::string not_held =
      fmt::format("UPDATE guardian_consents SET given_by = NULL, recorded_by = NULL, given_at = NULL {} AND user_id = :user_id", kUnlessGuardianSpoke);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    InsertChild(user_id, now_ms, dialect_, sql);
    if (is_held) {
      Statement(sql, held).Use("teacher_id", teacher_id).Use("now", now_ms).Use("user_id", user_id).Execute();
    } else {
      Statement(sql, not_held).Use("user_id", user_id).Execute();
    }
    transaction.commit();
    return {};
  });
}

base::Result<std::vector<model::GuardianConsent>> SqlGuardianRepository::ChildrenIn(std::int64_t class_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::GuardianConsent>> {
    Statement statement(sql, SelectText("JOIN class_members m ON m.user_id = g.user_id WHERE m.class_id = :class_id ORDER BY u.name, g.user_id"));
    return Read(statement.Use("class_id", class_id));
  });
}

}  // namespace speechcoach::storage
