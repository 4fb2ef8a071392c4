// Practice sentences in the table sentences.
#pragma once

#include <string_view>

#include "storage/internal/connection_pool.h"
#include "storage/repositories.h"

namespace speechcoach::storage {

class SqlSentenceRepository final : public SentenceRepository {
 public:
  explicit SqlSentenceRepository(ConnectionPool& pool) : pool_(pool) {}

  base::Result<std::vector<model::Sentence>> List(const SentenceFilter& filter) override;
  base::Result<model::Sentence> Get(std::int64_t id) override;

  // Inserts or updates by id, all in one transaction. `json` is an array of objects with the keys of json::ToJson(Sentence).
  // Others in the table stay: sessions refer to them. kInternal where `json` is something else.
  base::Status Seed(std::string_view json);

 private:
  ConnectionPool& pool_;
};

}  // namespace speechcoach::storage
