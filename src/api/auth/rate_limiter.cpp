#include "api/auth/rate_limiter.h"

namespace speechcoach::api {

std::int64_t RateLimiter::Take(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now_ms = clock_.NowMs();
  if (!buckets_.contains(key) && buckets_.size() >= max_keys_) {
    std::erase_if(buckets_, [&](auto& entry) { return entry.second.IsFull(now_ms); });
    if (buckets_.size() >= max_keys_) return static_cast<std::int64_t>(1000.0 / per_second_);
  }
  return buckets_.try_emplace(key, per_second_, burst_).first->second.Take(now_ms);
}

}  // namespace speechcoach::api
