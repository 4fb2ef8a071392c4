// AdapterRepository over the pool.
#pragma once

#include "storage/adapter_repository.h"
#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {

class SqlAdapterRepository final : public AdapterRepository {
 public:
  SqlAdapterRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Status Put(AdaptedKind kind, const AdaptedTable& table) override;
  base::Result<std::optional<AdaptedTable>> Get(AdaptedKind kind) override;
  base::Result<AdaptedCounts> Follow(AdaptedKind kind, std::int64_t now_ms) override;

 private:
  base::Result<AdaptedCounts> FollowUsers(const AdaptedTable& table, std::int64_t now_ms);
  base::Result<AdaptedCounts> FollowSentences(const AdaptedTable& table);

  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
