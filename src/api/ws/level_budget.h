// How many `level` messages leave in a second, for all connections together: what they are worth does not grow with the number
// of learners, what they cost does.
#pragma once

#include <atomic>
#include <cstdint>

namespace speechcoach::api {

// Thread-safe, without a lock.
class LevelBudget {
 public:
  explicit LevelBudget(int per_second) : per_second_(per_second) {}

  bool Take(std::int64_t now_ms) {
    const std::int64_t second = now_ms / 1000;
    std::int64_t known = second_.load(std::memory_order_relaxed);
    if (known != second && second_.compare_exchange_strong(known, second)) taken_ = 0;
    return taken_.fetch_add(1, std::memory_order_relaxed) < per_second_;
  }

 private:
  const int per_second_;
  std::atomic<std::int64_t> second_ = 0;
  std::atomic<int> taken_ = 0;
};

}  // namespace speechcoach::api
