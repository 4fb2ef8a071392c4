// What happened to sessions, in the table session_events.
#pragma once

#include <string>

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/repositories.h"

namespace speechcoach::storage {

class SqlEventRepository final : public EventRepository {
 public:
  SqlEventRepository(ConnectionPool& pool, const Dialect& dialect);

  base::Result<std::int64_t> Add(std::string_view session_id, std::int64_t at_ms, std::string_view payload) override;
  base::Result<std::vector<EventRecord>> After(std::string_view session_id, std::int64_t number) override;
  base::Status RemoveOlderThan(std::int64_t at_ms) override;

 private:
  ConnectionPool& pool_;
  const std::string add_text_;
  const std::string after_text_;
  const std::string remove_text_;
};

}  // namespace speechcoach::storage
