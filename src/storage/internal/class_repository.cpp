#include "storage/internal/class_repository.h"

#include <fmt/format.h>

#include "storage/internal/guardian_repository.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

base::Result<std::vector<model::SchoolClass>> ReadClasses(Statement& statement) {
  std::vector<model::SchoolClass> classes;
  model::SchoolClass row;
  statement.Into(row.id).Into(row.teacher_id).Into(row.name).Into(row.code).Into(row.created_at_ms);
  for (bool more = statement.Execute(); more; more = statement.Next()) classes.push_back(row);
  return classes;
}

base::Result<model::SchoolClass> ReadClass(Statement& statement) {
  model::SchoolClass row;
  statement.Into(row.id).Into(row.teacher_id).Into(row.name).Into(row.code).Into(row.created_at_ms);
  if (!statement.ExecuteForOne()) return {base::ErrorCode::kNotFound, "no such class"};
  return row;
}

}  // namespace

std::string SqlClassRepository::ClassText(std::string_view conditions) const {
  return fmt::format("SELECT id, teacher_id, name, code, {} FROM classes WHERE {}", dialect_.ToMilliseconds("created_at"),
                     conditions);
}

base::Result<model::SchoolClass> SqlClassRepository::Create(const model::SchoolClass& made) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<model::SchoolClass> {
    model::SchoolClass created = made;
    Statement(sql,
              fmt::format(
                  "INSERT INTO classes (teacher_id, name, code, created_at) VALUES (:teacher_id, :name, :code, {}) RETURNING id",
                  dialect_.ToTime(":created_at")))
        .Into(created.id)
        .Use("teacher_id", made.teacher_id)
        .Use("name", made.name)
        .Use("code", made.code)
        .Use("created_at", made.created_at_ms)
        .ExecuteForOne();
    return created;
  });
}

base::Result<model::SchoolClass> SqlClassRepository::Get(std::int64_t class_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) {
    Statement statement(sql, ClassText("id = :id"));
    return ReadClass(statement.Use("id", class_id));
  });
}

base::Result<model::SchoolClass> SqlClassRepository::FindByCode(std::string_view code) {
  const std::string wanted(code);
  return pool_.Run(Access::kRead, [&](Connection& sql) {
    Statement statement(sql, ClassText("code = :code"));
    return ReadClass(statement.Use("code", wanted));
  });
}

base::Status SqlClassRepository::Update(const model::SchoolClass& changed) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, "UPDATE classes SET name = :name, code = :code WHERE id = :id");
    statement.Use("name", changed.name).Use("code", changed.code).Use("id", changed.id);
    if (statement.ExecuteForCount() == 0) return {base::ErrorCode::kNotFound, "no such class"};
    return {};
  });
}

base::Status SqlClassRepository::Delete(std::int64_t class_id) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    if (Statement(sql, "DELETE FROM classes WHERE id = :id").Use("id", class_id).ExecuteForCount() == 0) {
      return {base::ErrorCode::kNotFound, "no such class"};
    }
    return {};
  });
}

base::Result<std::vector<model::SchoolClass>> SqlClassRepository::TaughtBy(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) {
    Statement statement(sql, ClassText("teacher_id = :user_id ORDER BY id"));
    return ReadClasses(statement.Use("user_id", user_id));
  });
}

base::Result<std::vector<model::SchoolClass>> SqlClassRepository::JoinedBy(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) {
    Statement statement(sql, ClassText("id IN (SELECT class_id FROM class_members WHERE user_id = :user_id) ORDER BY id"));
    return ReadClasses(statement.Use("user_id", user_id));
  });
}

base::Result<std::vector<model::SchoolClass>> SqlClassRepository::Inviting(std::string_view email) {
  const std::string wanted(email);
  return pool_.Run(Access::kRead, [&](Connection& sql) {
    Statement statement(sql, ClassText("id IN (SELECT class_id FROM class_invitations WHERE email = :email) ORDER BY id"));
    return ReadClasses(statement.Use("email", wanted));
  });
}

base::Status SqlClassRepository::Join(std::int64_t class_id, std::int64_t user_id, std::string_view email, std::int64_t now_ms) {
  const std::string invited(email);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    Statement(sql, fmt::format("INSERT INTO class_members (class_id, user_id, joined_at) VALUES (:class_id, :user_id, {}) "
                               "ON CONFLICT (class_id, user_id) DO NOTHING",
                               dialect_.ToTime(":now")))
        .Use("class_id", class_id)
        .Use("user_id", user_id)
        .Use("now", now_ms)
        .Execute();
    RecordInvitedChild(class_id, user_id, invited, now_ms, dialect_, sql);
    Statement(sql, "DELETE FROM class_invitations WHERE class_id = :class_id AND email = :email")
        .Use("class_id", class_id)
        .Use("email", invited)
        .Execute();
    transaction.commit();
    return {};
  });
}

base::Status SqlClassRepository::Leave(std::int64_t class_id, std::int64_t user_id) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, "DELETE FROM class_members WHERE class_id = :class_id AND user_id = :user_id");
    if (statement.Use("class_id", class_id).Use("user_id", user_id).ExecuteForCount() == 0)
      return {base::ErrorCode::kNotFound, "no such member"};
    return {};
  });
}

base::Result<std::vector<model::ClassMember>> SqlClassRepository::Members(std::int64_t class_id) {
  const std::string text = fmt::format(
      "SELECT m.user_id, u.name, {}, COUNT(s.id), COALESCE(SUM(s.audio_duration_seconds), 0.0), AVG(s.overall_score), {} "
      "FROM class_members m JOIN users u ON u.id = m.user_id LEFT JOIN speech_practice_sessions s ON s.user_id = m.user_id "
      "AND s.created_at >= m.joined_at AND s.status IN ('completed', 'degraded') "
      "WHERE m.class_id = :class_id GROUP BY m.user_id, u.name, m.joined_at ORDER BY u.name, m.user_id",
      dialect_.ToMilliseconds("m.joined_at"), dialect_.ToMilliseconds("MAX(s.created_at)"));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::ClassMember>> {
    std::vector<model::ClassMember> members;
    model::ClassMember member;
    Nullable<double> mean;
    Nullable<long long> last;
    Statement statement(sql, text);
    statement.Into(member.user_id)
        .Into(member.name)
        .Into(member.joined_at_ms)
        .Into(member.sessions)
        .Into(member.practice_s)
        .Into(mean)
        .Into(last);
    statement.Use("class_id", class_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      member.mean_overall = mean.has_value() ? std::optional(mean.value) : std::nullopt;
      member.last_practice_ms = last.has_value() ? std::optional<std::int64_t>(last.value) : std::nullopt;
      members.push_back(member);
    }
    return members;
  });
}

base::Result<std::int64_t> SqlClassRepository::JoinedAt(std::int64_t class_id, std::int64_t user_id) {
  const std::string text = fmt::format("SELECT {} FROM class_members WHERE class_id = :class_id AND user_id = :user_id",
                                       dialect_.ToMilliseconds("joined_at"));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::int64_t> {
    std::int64_t at_ms = 0;
    if (!Statement(sql, text).Into(at_ms).Use("class_id", class_id).Use("user_id", user_id).ExecuteForOne()) {
      return {base::ErrorCode::kNotFound, "no member of the class"};
    }
    return at_ms;
  });
}

base::Result<std::int64_t> SqlClassRepository::TaughtSince(std::int64_t teacher_id, std::int64_t user_id) {
  const std::string text = fmt::format(
      "SELECT {} FROM class_members WHERE user_id = :user_id AND class_id IN (SELECT id FROM classes WHERE teacher_id = "
      ":teacher_id) "
      "ORDER BY joined_at LIMIT 1",
      dialect_.ToMilliseconds("joined_at"));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::int64_t> {
    std::int64_t at_ms = 0;
    if (!Statement(sql, text).Into(at_ms).Use("user_id", user_id).Use("teacher_id", teacher_id).ExecuteForOne()) {
      return {base::ErrorCode::kNotFound, "not taught by them"};
    }
    return at_ms;
  });
}

base::Result<int> SqlClassRepository::Invite(std::int64_t class_id, std::span<const model::ClassInvitation> people,
                                             std::int64_t now_ms) {
  const std::string text = fmt::format(
      "INSERT INTO class_invitations (class_id, email, name, created_at) SELECT CAST(:class_id AS BIGINT), CAST(:email AS TEXT), "
      "CAST(:name AS TEXT), {} WHERE NOT EXISTS "
      "(SELECT 1 FROM class_members m JOIN users u ON u.id = m.user_id WHERE m.class_id = :member_of AND u.email = "
      ":members_email) "
      "ON CONFLICT (class_id, email) DO NOTHING",
      dialect_.ToTime(":now"));
  const std::string member_text =
      "SELECT m.user_id, c.teacher_id FROM class_members m JOIN users u ON u.id = m.user_id JOIN classes c ON c.id = m.class_id "
      "WHERE m.class_id = :class_id AND u.email = :email";
  const std::string child =
      "INSERT INTO invited_children (class_id, email, has_consent) SELECT i.class_id, i.email, CAST(:has_consent AS INTEGER) = 1 "
      "FROM class_invitations i "
      "WHERE i.class_id = :class_id AND i.email = :email ON CONFLICT (class_id, email) DO UPDATE SET has_consent = "
      "excluded.has_consent";
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<int> {
    soci::transaction transaction(sql);
    int added = 0;
    for (const model::ClassInvitation& person : people) {
      added += static_cast<int>(Statement(sql, text)
                                    .Use("class_id", class_id)
                                    .Use("email", person.email)
                                    .Use("name", person.name)
                                    .Use("now", now_ms)
                                    .Use("member_of", class_id)
                                    .Use("members_email", person.email)
                                    .ExecuteForCount());
      if (person.is_no_child) {
        Statement(sql, "DELETE FROM invited_children WHERE class_id = :class_id AND email = :email")
            .Use("class_id", class_id)
            .Use("email", person.email)
            .Execute();
      }
      if (!person.is_child) continue;
      long long member = 0;
      long long teacher = 0;
      if (Statement(sql, member_text)
              .Into(member)
              .Into(teacher)
              .Use("class_id", class_id)
              .Use("email", person.email)
              .ExecuteForOne()) {
        // Who is no learner, or let by another teacher, stays as they are.
        static_cast<void>(RecordChild(member, teacher, person.has_consent, now_ms, dialect_, sql));
        continue;
      }
      const int has_consent = person.has_consent ? 1 : 0;
      Statement(sql, child).Use("has_consent", has_consent).Use("class_id", class_id).Use("email", person.email).Execute();
    }
    transaction.commit();
    return added;
  });
}

base::Result<std::vector<model::ClassInvitation>> SqlClassRepository::Invitations(std::int64_t class_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::ClassInvitation>> {
    std::vector<model::ClassInvitation> invitations;
    model::ClassInvitation row;
    Statement statement(sql, "SELECT email, name FROM class_invitations WHERE class_id = :class_id ORDER BY email");
    statement.Into(row.email).Into(row.name).Use("class_id", class_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) invitations.push_back(row);
    return invitations;
  });
}

}  // namespace speechcoach::storage
