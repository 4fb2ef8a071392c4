#include "api/auth/rate_limiter.h"

namespace speechcoach::api {

RateLimiter::Admission RateLimiter::Ask(const std::string& key) {
  if (shared_ != nullptr) {
    if (const auto answer = shared_->Take(rate_, key)) {
      if (answer->wait_ms == 0) AskHere(key);  // where the server goes away, nobody begins anew
      return *answer;
    }
  }
  return AskHere(key);
}

RateLimiter::Admission RateLimiter::AskHere(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now_ms = clock_.NowMs();
  if (!buckets_.contains(key) && buckets_.size() >= max_keys_) {
    std::erase_if(buckets_, [&](auto& entry) { return entry.second.IsFull(now_ms); });
    if (buckets_.size() >= max_keys_) {
      const auto pause_ms = static_cast<std::int64_t>(1000.0 / rate_.per_second);
      return {pause_ms, 0, pause_ms};
    }
  }
  TokenBucket& bucket = buckets_.try_emplace(key, rate_.per_second, rate_.burst).first->second;
  const std::int64_t wait_ms = bucket.Take(now_ms);
  return {wait_ms, bucket.Left(now_ms), bucket.MsUntilFull(now_ms)};
}

}  // namespace speechcoach::api
