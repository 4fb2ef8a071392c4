// So many events for each key, then one every so often.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace speechcoach::api {

// A token bucket a key. Keeps at most `max_keys`: full buckets are forgotten first, which changes nothing; with no full one
// left new keys are refused. Thread-safe.
class RateLimiter {
 public:
  // `burst` at once, then one every `interval_ms`. `clock` outlives the limiter.
  RateLimiter(const base::Clock& clock, int burst, std::int64_t interval_ms, std::size_t max_keys = 10'000)
      : clock_(clock), burst_(burst), interval_ms_(interval_ms), max_keys_(max_keys) {}

  // 0: allowed, and counted. Otherwise how long to wait, in milliseconds.
  std::int64_t Take(std::string_view key);

 private:
  const base::Clock& clock_;
  const int burst_;
  const std::int64_t interval_ms_;
  const std::size_t max_keys_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::int64_t> full_at_ms_;  // when the key's bucket is full again
};

}  // namespace speechcoach::api
