#include "storage/internal/user_repository.h"

#include <optional>

#include <fmt/format.h>

#include "json/model_json.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

std::optional<model::Role> RoleFromName(std::string_view name) {
  for (const model::Role role : {model::Role::kLearner, model::Role::kTeacher, model::Role::kAdmin}) {
    if (json::Name(role) == name) return role;
  }
  return std::nullopt;
}

// `statement` selects by one parameter that is bound already.
base::Result<model::User> ReadUser(Statement& statement) {
  model::User user;
  Nullable<std::string> email;
  Nullable<std::string> password_hash;
  std::string role;
  statement.Into(user.id).Into(email).Into(user.name).Into(role).Into(password_hash).Into(user.created_at_ms);
  if (!statement.ExecuteForOne()) return {base::ErrorCode::kNotFound, "no such user"};
  const std::optional<model::Role> known_role = RoleFromName(role);
  if (!known_role) return {base::ErrorCode::kInternal, "a user's role is unknown"};
  user.role = *known_role;
  if (email.has_value()) user.email = email.value;
  if (password_hash.has_value()) user.password_hash = password_hash.value;
  return user;
}

}  // namespace

SqlUserRepository::SqlUserRepository(ConnectionPool& pool, const Dialect& dialect)
    : pool_(pool),
      insert_text_(fmt::format("INSERT INTO users (email, name, role, password_hash, created_at) "
                               "VALUES (:email, :name, :role, :password_hash, {}) RETURNING id",
                               dialect.ToTime(":created_at"))),
      select_text_(fmt::format("SELECT id, email, name, role, password_hash, {} FROM users WHERE ", dialect.ToMilliseconds("created_at"))) {}

base::Result<model::User> SqlUserRepository::Create(const model::User& user) {
  const Nullable<std::string> email = NullIfEmpty(user.email);
  const Nullable<std::string> password_hash = NullIfEmpty(user.password_hash);
  const std::string role(json::Name(user.role));
  return pool_.Run(Access::kWrite, [&](soci::session& sql) -> base::Result<model::User> {
    model::User created = user;
    Statement(sql, insert_text_)
        .Into(created.id)
        .Use("email", email)
        .Use("name", user.name)
        .Use("role", role)
        .Use("password_hash", password_hash)
        .Use("created_at", user.created_at_ms)
        .ExecuteForOne();
    return created;
  });
}

base::Result<model::User> SqlUserRepository::Get(std::int64_t id) {
  return pool_.Run(Access::kRead, [&](soci::session& sql) {
    Statement statement(sql, select_text_ + "id = :id");
    return ReadUser(statement.Use("id", id));
  });
}

base::Result<model::User> SqlUserRepository::FindByEmail(std::string_view email) {
  const std::string wanted(email);
  return pool_.Run(Access::kRead, [&](soci::session& sql) {
    Statement statement(sql, select_text_ + "email = :email");
    return ReadUser(statement.Use("email", wanted));
  });
}

}  // namespace speechcoach::storage
