// A token bucket for each of many keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "api/auth/token_bucket.h"
#include "base/clock.h"

namespace speechcoach::api {

// Keeps at most `max_keys`: full buckets are forgotten first, which changes nothing; where none is full new keys are
// refused. Thread-safe.
class RateLimiter {
 public:
  // `clock` outlives the limiter.
  RateLimiter(const base::Clock& clock, double per_second, double burst, std::size_t max_keys = 10'000)
      : clock_(clock), per_second_(per_second), burst_(burst), max_keys_(max_keys) {}

  // 0: allowed, and counted. Otherwise how long to wait, in milliseconds.
  std::int64_t Take(const std::string& key) { return Ask(key).wait_ms; }

  struct Admission {
    std::int64_t wait_ms = 0;        // as above
    std::int64_t left = 0;           // that may still come now
    std::int64_t ms_until_full = 0;  // until all may come at once again
  };
  Admission Ask(const std::string& key);

 private:
  const base::Clock& clock_;
  const double per_second_;
  const double burst_;
  const std::size_t max_keys_;
  std::mutex mutex_;
  std::unordered_map<std::string, TokenBucket> buckets_;
};

}  // namespace speechcoach::api
