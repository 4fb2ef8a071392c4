// ChallengeRepository over the pool.
#pragma once

#include "storage/challenge_repository.h"
#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"

namespace speechcoach::storage {

class SqlChallengeRepository final : public ChallengeRepository {
 public:
  SqlChallengeRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Result<model::Challenge> Add(const model::Challenge& challenge) override;
  base::Status Delete(std::int64_t class_id, std::int64_t challenge_id) override;
  base::Result<std::vector<model::Challenge>> Of(std::int64_t class_id) override;
  base::Result<model::PracticeSum> Done(const model::Challenge& challenge, std::optional<std::int64_t> user_id) override;
  base::Status TakePart(std::int64_t class_id, std::int64_t user_id, bool takes_part) override;
  base::Result<bool> TakesPart(std::int64_t class_id, std::int64_t user_id) override;
  base::Result<std::vector<std::int64_t>> LeaderboardsOf(std::int64_t user_id) override;
  base::Result<std::vector<model::LeaderboardRow>> Leaderboard(std::int64_t class_id, std::int64_t since_ms) override;

 private:
  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
