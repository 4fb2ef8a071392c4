// DisputeRepository over the pool.
#pragma once

#include <string>
#include <string_view>

#include "storage/dispute_repository.h"
#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"

namespace speechcoach::storage {

class SqlDisputeRepository final : public DisputeRepository {
 public:
  SqlDisputeRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Result<model::ScoreDispute> Add(const model::ScoreDispute& dispute) override;
  base::Result<model::ScoreDispute> Get(std::int64_t id) override;
  base::Result<std::vector<model::ScoreDispute>> Open(std::int64_t after_id, int limit) override;
  base::Result<std::vector<model::ScoreDispute>> By(std::int64_t user_id) override;
  base::Status MarkReviewed(std::int64_t id, std::int64_t now_ms) override;

 private:
  std::string SelectText(std::string_view conditions) const;

  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
