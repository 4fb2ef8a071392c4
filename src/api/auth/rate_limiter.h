// A token bucket for each of many keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "api/auth/token_bucket.h"
#include "base/clock.h"
#include "redis/token_buckets.h"

namespace speechcoach::api {

// Counted together with all processes that share `shared`; in this process alone where that is null, or its server is away. There at most
// `max_keys` are kept: full buckets are forgotten first, which changes nothing; where none is full new keys are
// refused. Thread-safe.
class RateLimiter {
 public:
  // `clock` and `shared` outlive the limiter.
  RateLimiter(const base::Clock& clock, redis::BucketRate rate, redis::TokenBuckets* shared = nullptr,
              std::size_t max_keys = 10'000)
      : clock_(clock), rate_(std::move(rate)), shared_(shared), max_keys_(max_keys) {}

  // 0: allowed, and counted. Otherwise how long to wait, in milliseconds.
  std::int64_t Take(const std::string& key) { return Ask(key).wait_ms; }

  using Admission = redis::TokenBuckets::Answer;
  Admission Ask(const std::string& key);

 private:
  Admission AskHere(const std::string& key);

  const base::Clock& clock_;
  const redis::BucketRate rate_;
  redis::TokenBuckets* const shared_;
  const std::size_t max_keys_;
  std::mutex mutex_;
  std::unordered_map<std::string, TokenBucket> buckets_;
};

}  // namespace speechcoach::api
