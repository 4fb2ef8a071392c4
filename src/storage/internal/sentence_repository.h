// Practice sentences in the table sentences.
#pragma once

#include <string_view>

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/repositories.h"

namespace speechcoach::storage {

class SqlSentenceRepository final : public SentenceRepository {
 public:
  SqlSentenceRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Result<std::vector<model::Sentence>> List(const SentenceFilter& filter) override;
  base::Result<model::Sentence> Get(std::int64_t id, std::int64_t viewer_id) override;
  base::Result<std::vector<model::Sentence>> AddOwn(std::int64_t teacher_id, std::vector<model::Sentence> sentences,
                                                    std::int64_t now_ms) override;
  base::Status WithdrawOwn(std::int64_t teacher_id, std::int64_t id, std::int64_t now_ms) override;

  // Inserts or updates by id, all in one transaction. `json` is an array of objects with the keys of json::ToJson(Sentence).
  // Others in the table stay: sessions refer to them. kInternal where `json` is something else.
  base::Status Seed(std::string_view json);

 private:
  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
