// Users in the table users.
#pragma once

#include "storage/internal/connection_pool.h"
#include "storage/repositories.h"

namespace speechcoach::storage {

class SqlUserRepository final : public UserRepository {
 public:
  explicit SqlUserRepository(ConnectionPool& pool) : pool_(pool) {}

  base::Result<model::User> Create(const model::User& user) override;
  base::Result<model::User> Get(std::int64_t id) override;
  base::Result<model::User> FindByEmail(std::string_view email) override;

 private:
  ConnectionPool& pool_;
};

}  // namespace speechcoach::storage
