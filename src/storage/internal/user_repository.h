// Users in the table users.
#pragma once

#include <string>

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/internal/statement.h"
#include "storage/repositories.h"

namespace speechcoach::storage {

// "SELECT ... FROM users WHERE ", for ReadUser.
std::string UserSelectText(const Dialect& dialect);
// Reads one user with a statement whose parameters are bound already. kNotFound.
base::Result<model::User> ReadUser(Statement& statement);
// Where that user lives (IANA); the default where nothing is said. Throws soci::soci_error.
std::string TimeZoneOf(std::int64_t user_id, Connection& sql);
// The user with its new id. Throws soci::soci_error.
model::User InsertUser(const model::User& user, const Dialect& dialect, Connection& sql);

class SqlUserRepository final : public UserRepository {
 public:
  SqlUserRepository(ConnectionPool& pool, const Dialect& dialect);

  base::Result<model::User> Create(const model::User& user) override;
  base::Result<model::User> CreateChild(const model::User& user) override;
  base::Result<model::User> Get(std::int64_t id) override;
  base::Result<model::User> FindByEmail(std::string_view email) override;
  base::Result<std::vector<model::User>> List(std::int64_t after_id, int limit) override;
  base::Status Update(const model::User& user) override;

 private:
  ConnectionPool& pool_;
  const Dialect& dialect_;
  const std::string select_text_;
};

}  // namespace speechcoach::storage
