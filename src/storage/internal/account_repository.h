// AccountRepository over the pool.
#pragma once

#include "storage/account_repository.h"
#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"

namespace speechcoach::storage {

class SqlAccountRepository final : public AccountRepository {
 public:
  SqlAccountRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Status AddRefreshToken(const RefreshToken& token) override;
  base::Result<std::int64_t> RotateRefreshToken(std::string_view old_hash, const RefreshToken& next) override;
  base::Status RevokeFamilyOf(std::string_view hash, std::int64_t now_ms) override;
  base::Status RevokeAllOf(std::int64_t user_id, std::int64_t now_ms) override;
  base::Status DropExpiredTokens(std::int64_t now_ms) override;
  base::Result<model::User> UserOfIdentity(std::string_view issuer, std::string_view subject, const model::User& if_new) override;
  base::Result<std::vector<ExternalIdentity>> IdentitiesOf(std::int64_t user_id) override;
  base::Result<model::LearnerSettings> Settings(std::int64_t user_id) override;
  base::Status PutSettings(std::int64_t user_id, const model::LearnerSettings& settings) override;

 private:
  void Insert(const RefreshToken& token, Connection& sql) const;

  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
