// Users in the table users.
#pragma once

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/repositories.h"

namespace speechcoach::storage {

class SqlUserRepository final : public UserRepository {
 public:
  SqlUserRepository(ConnectionPool& pool, const Dialect& dialect);

  base::Result<model::User> Create(const model::User& user) override;
  base::Result<model::User> Get(std::int64_t id) override;
  base::Result<model::User> FindByEmail(std::string_view email) override;

 private:
  ConnectionPool& pool_;
  const std::string insert_text_;
  const std::string select_text_;
};

}  // namespace speechcoach::storage
