// ProgressRepository over the pool.
#pragma once

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/progress_repository.h"

namespace speechcoach::storage {

class SqlProgressRepository final : public ProgressRepository {
 public:
  SqlProgressRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Status Apply(const model::Contribution& contribution, const ProgressRules& rules) override;
  base::Status Remove(std::int64_t user_id, std::string_view session_id, const ProgressRules& rules) override;
  base::Result<int> Rebuild(std::int64_t user_id, const ProgressRules& rules) override;
  base::Result<std::vector<std::int64_t>> RebuildsDue(std::int64_t after_user_id, int limit) override;
  base::Result<std::optional<StoredProgress>> Get(std::int64_t user_id) override;
  base::Result<std::vector<model::PracticeDay>> Days(std::int64_t user_id, std::int64_t from_day, std::int64_t to_day) override;
  base::Result<std::vector<model::SpeechCount>> Sounds(std::int64_t user_id) override;
  base::Result<std::vector<model::SentenceReview>> Reviews(std::int64_t user_id) override;

 private:
  void LockUser(std::int64_t user_id, Connection& sql) const;
  void WriteSummary(std::int64_t user_id, const Summariser& summarise, Connection& sql) const;

  enum class Use { kCounts, kIsLeftOut };
  // Writes anew what is known of the sentence that the session was about, if any, with or without that session.
  void RescheduleSentenceOf(std::int64_t user_id, const std::string& session_id, Use use, const Scheduler& schedule,
                            Connection& sql) const;
  void RescheduleAll(std::int64_t user_id, const Scheduler& schedule, Connection& sql) const;
  void Reschedule(std::int64_t user_id, std::int64_t sentence_id, const std::string& left_out, const std::string& time_zone,
                  const Scheduler& schedule, Connection& sql) const;

  ConnectionPool& pool_;
  const Dialect& dialect_;
};

}  // namespace speechcoach::storage
