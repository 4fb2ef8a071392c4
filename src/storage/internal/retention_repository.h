// RetentionRepository over the pool.
#pragma once

#include <string_view>

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/retention_repository.h"

namespace speechcoach::storage {

class SqlRetentionRepository final : public RetentionRepository {
 public:
  SqlRetentionRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Result<std::vector<model::Session>> WithAudioBefore(std::int64_t before_ms, int limit) override;
  base::Result<std::vector<model::Session>> WithTextBefore(std::int64_t before_ms, int limit) override;
  base::Status DropAudio(const std::string& session_id, const std::string& audio_key) override;
  base::Result<int> DropAccessesBefore(std::int64_t before_ms) override;
  base::Status DropAnswersBefore(std::int64_t before_ms) override;
  base::Result<std::vector<std::string>> AudioKeysOf(std::int64_t user_id) override;
  base::Status EraseUser(std::int64_t user_id) override;

 private:
  base::Result<std::vector<model::Session>> Before(std::string_view condition, std::int64_t before_ms, int limit);

  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
