// Raises an alert when a day's calls cost more than they should.
#pragma once

#include <cstdint>
#include <mutex>

#include "storage/llm_repository.h"

namespace speechcoach::llm {

// Thread-safe. The day is UTC's.
class BudgetWatch {
 public:
  // `repository` outlives it; `daily_budget_usd` 0: watches nothing.
  BudgetWatch(storage::LlmRepository& repository, double daily_budget_usd)
      : repository_(repository), daily_budget_usd_(daily_budget_usd) {}

  // Call after each call that cost something; looks into the log at most every ten seconds, warns once a day.
  void Look(std::int64_t now_ms);

 private:
  storage::LlmRepository& repository_;
  const double daily_budget_usd_;
  std::mutex mutex_;
  std::int64_t next_look_ms_ = 0;
  std::int64_t warned_day_ = -1;
};

}  // namespace speechcoach::llm
