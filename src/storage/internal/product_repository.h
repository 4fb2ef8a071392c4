// ProductRepository over the pool.
#pragma once

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/product_repository.h"

namespace speechcoach::storage {

class SqlProductRepository final : public ProductRepository {
 public:
  SqlProductRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Status Rate(std::string_view session_id, int stars, std::int64_t now_ms) override;
  base::Result<std::optional<int>> StarsOf(std::string_view session_id) override;
  base::Result<model::ProductFigures> Figures(std::int64_t now_ms) override;

 private:
  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
