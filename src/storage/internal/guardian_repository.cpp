#include "storage/internal/guardian_repository.h"

#include <fmt/format.h>

#include "storage/internal/rating_repository.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

constexpr std::string_view kGuardian = "guardian";
// A guardian's own word stands above the school's, also where it is no.
constexpr std::string_view kUnlessGuardianSpoke =
    "WHERE guardian_consents.refused_at IS NULL AND (guardian_consents.given_by IS NULL OR guardian_consents.given_by = "
    "'school')";

std::vector<model::GuardianConsent> Read(Statement& statement) {
  std::vector<model::GuardianConsent> consents;
  model::GuardianConsent row;
  Nullable<std::string> given_by;
  Nullable<std::string> guardian;
  Nullable<long long> given_at;
  int is_refused = 0;
  statement.Into(row.user_id).Into(row.name).Into(given_by).Into(guardian).Into(given_at).Into(is_refused);
  for (bool more = statement.Execute(); more; more = statement.Next()) {
    row.source.reset();
    if (given_by.has_value())
      row.source = given_by.value == kGuardian ? model::ConsentSource::kGuardian : model::ConsentSource::kSchool;
    row.guardian = guardian.has_value() ? guardian.value : std::string();
    row.given_at_ms = given_at.has_value() ? given_at.value : 0;
    row.is_refused = is_refused == 1;
    consents.push_back(row);
  }
  return consents;
}

bool IsLearner(std::int64_t user_id, Connection& sql) {
  long long found = 0;
  return Statement(sql, "SELECT id FROM users WHERE id = :id AND role = 'learner'")
      .Into(found)
      .Use("id", user_id)
      .ExecuteForOne();
}

// Who is a child already stays one as they are. Their guardian agrees to practising, not to being heard by all teachers.
void InsertByTeacher(std::int64_t user_id, std::int64_t teacher_id, std::int64_t now_ms, const Dialect& dialect,
                     Connection& sql) {
  Statement(sql, fmt::format("INSERT INTO guardian_consents (user_id, declared_at, recorded_by, is_declared_by_teachers) VALUES "
                             "(:user_id, {}, :teacher_id, TRUE) "
                             "ON CONFLICT (user_id) DO NOTHING",
                             dialect.ToTime(":now")))
      .Use("user_id", user_id)
      .Use("now", now_ms)
      .Use("teacher_id", teacher_id)
      .Execute();
  ForgetRatings(user_id, sql);
}

}  // namespace

void InsertChild(std::int64_t user_id, std::int64_t now_ms, const Dialect& dialect, Connection& sql) {
  Statement(sql, fmt::format("INSERT INTO guardian_consents (user_id, declared_at) VALUES (:user_id, {}) ON CONFLICT (user_id) "
                             "DO UPDATE SET is_declared_by_teachers = FALSE",
                             dialect.ToTime(":now")))
      .Use("user_id", user_id)
      .Use("now", now_ms)
      .Execute();
  ForgetRatings(user_id, sql);
}

base::Status RecordChild(std::int64_t user_id, std::int64_t teacher_id, bool is_held, std::int64_t now_ms, const Dialect& dialect,
                         Connection& sql) {
  if (!IsLearner(user_id, sql)) return {base::ErrorCode::kConflict, "no learner"};
  InsertByTeacher(user_id, teacher_id, now_ms, dialect, sql);
  if (is_held) {
    Statement(sql, fmt::format("UPDATE guardian_consents SET given_by = 'school', recorded_by = :teacher_id, given_at = {} "
                               "WHERE refused_at IS NULL AND (given_by IS NULL OR (given_by = 'school' AND recorded_by IS NULL)) "
                               "AND user_id = :user_id",
                               dialect.ToTime(":now")))
        .Use("teacher_id", teacher_id)
        .Use("now", now_ms)
        .Use("user_id", user_id)
        .Execute();
    return {};
  }
  Statement(sql, fmt::format("UPDATE guardian_consents SET given_by = NULL, recorded_by = :teacher_id, given_at = NULL {} "
                             "AND (recorded_by IS NULL OR recorded_by = :same_teacher) AND user_id = :user_id",
                             kUnlessGuardianSpoke))
      .Use("teacher_id", teacher_id)
      .Use("same_teacher", teacher_id)
      .Use("user_id", user_id)
      .Execute();
  long long others = 0;
  Statement held(sql, "SELECT user_id FROM guardian_consents WHERE user_id = :user_id AND given_by = 'school'");
  if (held.Into(others).Use("user_id", user_id).ExecuteForOne())
    return {base::ErrorCode::kConflict, "another teacher said that consent is held"};
  return {};
}

void RecordInvitedChild(std::int64_t class_id, std::int64_t user_id, const std::string& email, std::int64_t now_ms,
                        const Dialect& dialect, Connection& sql) {
  long long teacher_id = 0;
  int has_consent = 0;
  Statement invited(sql,
                    "SELECT c.teacher_id, CASE WHEN i.has_consent THEN 1 ELSE 0 END FROM invited_children i JOIN classes c ON "
                    "c.id = i.class_id "
                    "WHERE i.class_id = :class_id AND i.email = :email");
  if (!invited.Into(teacher_id).Into(has_consent).Use("class_id", class_id).Use("email", email).ExecuteForOne() ||
      !IsLearner(user_id, sql))
    return;
  if (has_consent == 1) {
    static_cast<void>(RecordChild(user_id, teacher_id, true, now_ms, dialect, sql));  // a learner: nothing to refuse
  } else {
    InsertByTeacher(user_id, teacher_id, now_ms, dialect, sql);
  }
}

std::string SqlGuardianRepository::SelectText(std::string_view rest) const {
  return fmt::format(
      "SELECT g.user_id, u.name, g.given_by, g.guardian, {}, CASE WHEN g.refused_at IS NULL THEN 0 ELSE 1 END FROM "
      "guardian_consents g JOIN users u ON u.id = g.user_id {}",
      dialect_.ToMilliseconds("g.given_at"), rest);
}

base::Status SqlGuardianRepository::DeclareChild(std::int64_t user_id, std::int64_t now_ms) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    InsertChild(user_id, now_ms, dialect_, sql);
    transaction.commit();
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
    return !Statement(sql, "SELECT user_id FROM guardian_consents WHERE user_id = :user_id AND given_by IS NULL")
                .Into(child)
                .Use("user_id", user_id)
                .ExecuteForOne();
  });
}

base::Status SqlGuardianRepository::PutCode(std::int64_t user_id, std::string_view code_hash) {
  const std::string hash(code_hash);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(
        sql, fmt::format("UPDATE guardian_consents SET code_hash = :hash {} AND user_id = :user_id", kUnlessGuardianSpoke));
    if (statement.Use("hash", hash).Use("user_id", user_id).ExecuteForCount() == 0)
      return {base::ErrorCode::kConflict, "no child, or a guardian has answered"};
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
    Statement statement(
        sql, fmt::format(
                 "UPDATE guardian_consents SET given_by = 'guardian', guardian = :guardian, recorded_by = NULL, given_at = {}, "
                 "refused_at = NULL WHERE user_id = :user_id",
                 dialect_.ToTime(":now")));
    if (statement.Use("guardian", name).Use("now", now_ms).Use("user_id", user_id).ExecuteForCount() == 0)
      return {base::ErrorCode::kNotFound, "no child"};
    return {};
  });
}

base::Status SqlGuardianRepository::Refuse(std::int64_t user_id, std::int64_t now_ms) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(
        sql, fmt::format("UPDATE guardian_consents SET given_by = NULL, guardian = NULL, recorded_by = NULL, given_at = NULL, "
                         "refused_at = {} WHERE user_id = :user_id",
                         dialect_.ToTime(":now")));
    if (statement.Use("now", now_ms).Use("user_id", user_id).ExecuteForCount() == 0)
      return {base::ErrorCode::kNotFound, "no child"};
    return {};
  });
}

base::Status SqlGuardianRepository::Record(std::int64_t user_id, std::int64_t teacher_id, bool is_held, std::int64_t now_ms) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    if (const base::Status done = RecordChild(user_id, teacher_id, is_held, now_ms, dialect_, sql); !done.ok()) return done;
    transaction.commit();
    return {};
  });
}

base::Status SqlGuardianRepository::UndoRecord(std::int64_t user_id, std::int64_t teacher_id) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(
        sql,
        fmt::format(
            "DELETE FROM guardian_consents {} AND is_declared_by_teachers AND recorded_by = :teacher_id AND user_id = :user_id",
            kUnlessGuardianSpoke));
    if (statement.Use("teacher_id", teacher_id).Use("user_id", user_id).ExecuteForCount() == 0)
      return {base::ErrorCode::kConflict, "not only this teacher's word"};
    return {};
  });
}

base::Result<std::vector<model::GuardianConsent>> SqlGuardianRepository::ChildrenIn(std::int64_t class_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::GuardianConsent>> {
    Statement statement(
        sql, SelectText("JOIN class_members m ON m.user_id = g.user_id WHERE m.class_id = :class_id ORDER BY u.name, g.user_id"));
    return Read(statement.Use("class_id", class_id));
  });
}

}  // namespace speechcoach::storage
