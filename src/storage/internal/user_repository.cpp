#include "storage/internal/user_repository.h"

#include <optional>

#include <fmt/format.h>

#include "json/model_json.h"
#include "storage/internal/guardian_repository.h"

namespace speechcoach::storage {
namespace {

std::optional<model::Role> RoleFromName(std::string_view name) {
  for (const model::Role role : {model::Role::kLearner, model::Role::kTeacher, model::Role::kAdmin}) {
    if (json::Name(role) == name) return role;
  }
  return std::nullopt;
}

struct UserRow {
  long long id = 0;
  Nullable<std::string> email;
  std::string name;
  std::string role;
  Nullable<std::string> password_hash;
  long long created_at = 0;
};

void IntoRow(UserRow& row, Statement& statement) {
  statement.Into(row.id).Into(row.email).Into(row.name).Into(row.role).Into(row.password_hash).Into(row.created_at);
}

base::Result<model::User> FromRow(const UserRow& row) {
  const std::optional<model::Role> role = RoleFromName(row.role);
  if (!role) return {base::ErrorCode::kInternal, "a user's role is unknown"};
  model::User user{row.id, {}, row.name, *role, {}, row.created_at};
  if (row.email.has_value()) user.email = row.email.value;
  if (row.password_hash.has_value()) user.password_hash = row.password_hash.value;
  return user;
}

}  // namespace

std::string UserSelectText(const Dialect& dialect) {
  return fmt::format("SELECT id, email, name, role, password_hash, {} FROM users WHERE ", dialect.ToMilliseconds("created_at"));
}

base::Result<model::User> ReadUser(Statement& statement) {
  UserRow row;
  IntoRow(row, statement);
  if (!statement.ExecuteForOne()) return {base::ErrorCode::kNotFound, "no such user"};
  return FromRow(row);
}

std::string TimeZoneOf(std::int64_t user_id, Connection& sql) {
  std::string time_zone = model::LearnerSettings().time_zone;
  Statement(sql, "SELECT time_zone FROM learner_settings WHERE user_id = :user_id")
      .Into(time_zone)
      .Use("user_id", user_id)
      .ExecuteForOne();
  return time_zone;
}

model::User InsertUser(const model::User& user, const Dialect& dialect, Connection& sql) {
  const Nullable<std::string> email = NullIfEmpty(user.email);
  const Nullable<std::string> password_hash = NullIfEmpty(user.password_hash);
  const std::string role(json::Name(user.role));
  model::User created = user;
  Statement(sql, fmt::format("INSERT INTO users (email, name, role, password_hash, created_at) "
                             "VALUES (:email, :name, :role, :password_hash, {}) RETURNING id",
                             dialect.ToTime(":created_at")))
      .Into(created.id)
      .Use("email", email)
      .Use("name", user.name)
      .Use("role", role)
      .Use("password_hash", password_hash)
      .Use("created_at", user.created_at_ms)
      .ExecuteForOne();
  return created;
}

SqlUserRepository::SqlUserRepository(ConnectionPool& pool, const Dialect& dialect)
    : pool_(pool), dialect_(dialect), select_text_(UserSelectText(dialect)) {}

base::Result<model::User> SqlUserRepository::Create(const model::User& user) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<model::User> { return InsertUser(user, dialect_, sql); });
}

base::Result<model::User> SqlUserRepository::CreateChild(const model::User& user) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<model::User> {
    soci::transaction transaction(sql);
    model::User created = InsertUser(user, dialect_, sql);
    InsertChild(created.id, user.created_at_ms, dialect_, sql);
    transaction.commit();
    return created;
  });
}

base::Result<model::User> SqlUserRepository::Get(std::int64_t id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) {
    Statement statement(sql, select_text_ + "id = :id");
    return ReadUser(statement.Use("id", id));
  });
}

base::Result<model::User> SqlUserRepository::FindByEmail(std::string_view email) {
  const std::string wanted(email);
  return pool_.Run(Access::kRead, [&](Connection& sql) {
    Statement statement(sql, select_text_ + "email = :email");
    return ReadUser(statement.Use("email", wanted));
  });
}

base::Result<std::vector<model::User>> SqlUserRepository::List(std::int64_t after_id, int limit) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::User>> {
    UserRow row;
    Statement statement(sql, select_text_ + "id > :after ORDER BY id LIMIT :rows");
    IntoRow(row, statement);
    statement.Use("after", after_id).Use("rows", limit);
    std::vector<model::User> users;
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      auto user = FromRow(row);
      if (!user.ok()) return user.error();
      users.push_back(std::move(*user));
    }
    return users;
  });
}

base::Status SqlUserRepository::Update(const model::User& user) {
  const Nullable<std::string> email = NullIfEmpty(user.email);
  const Nullable<std::string> password_hash = NullIfEmpty(user.password_hash);
  const std::string role(json::Name(user.role));
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(
        sql, "UPDATE users SET email = :email, name = :name, role = :role, password_hash = :password_hash WHERE id = :id");
    statement.Use("email", email).Use("name", user.name).Use("role", role).Use("password_hash", password_hash).Use("id", user.id);
    if (statement.ExecuteForCount() == 0) return {base::ErrorCode::kNotFound, "no such user"};
    return {};
  });
}

}  // namespace speechcoach::storage
