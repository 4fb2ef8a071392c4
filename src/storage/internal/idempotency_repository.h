// IdempotencyRepository over the pool.
#pragma once

#include "storage/idempotency_repository.h"
#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"

namespace speechcoach::storage {

class SqlIdempotencyRepository final : public IdempotencyRepository {
 public:
  SqlIdempotencyRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Result<std::optional<KeptAnswer>> Begin(std::int64_t user_id, std::string_view key, std::string_view hash,
                                                std::int64_t now_ms, std::int64_t stale_ms) override;
  base::Status Finish(std::int64_t user_id, std::string_view key, const KeptAnswer& answer) override;
  base::Status Abort(std::int64_t user_id, std::string_view key) override;

 private:
  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
