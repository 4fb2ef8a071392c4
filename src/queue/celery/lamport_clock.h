// A logical clock: Lamport, "Time, clocks, and the ordering of events in a distributed system", 1978.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace speechcoach::queue::celery {

// Thread-safe.
class LamportClock {
 public:
  std::int64_t Forward() { return ++value_; }
  void Adjust(std::int64_t heard) {
    std::int64_t mine = value_;
    while (!value_.compare_exchange_weak(mine, std::max(mine, heard) + 1)) {
    }
  }
  std::int64_t value() const { return value_; }

 private:
  std::atomic<std::int64_t> value_ = 0;
};

}  // namespace speechcoach::queue::celery
