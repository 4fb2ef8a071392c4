// The turns of conversations, in the table speech_practice_turns.
#pragma once

#include <string>

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/turn_repository.h"

namespace speechcoach::storage {

class SqlTurnRepository final : public TurnRepository {
 public:
  SqlTurnRepository(ConnectionPool& pool, const Dialect& dialect);

  base::Status Add(const model::Turn& turn) override;
  base::Result<std::vector<model::Turn>> Of(std::string_view session_id) override;
  base::Status Update(const model::Turn& turn) override;

 private:
  ConnectionPool& pool_;
  const std::string insert_text_;
  const std::string update_text_;
  const std::string select_text_;
};

}  // namespace speechcoach::storage
