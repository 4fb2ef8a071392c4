#include "api/auth/rate_limiter.h"

#include <algorithm>

namespace speechcoach::api {

std::int64_t RateLimiter::Take(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now_ms = clock_.NowMs();
  const std::string name(key);
  if (!full_at_ms_.contains(name) && full_at_ms_.size() >= max_keys_) {
    std::erase_if(full_at_ms_, [&](const auto& entry) { return entry.second <= now_ms; });
    if (full_at_ms_.size() >= max_keys_) return interval_ms_;
  }
  std::int64_t& full_at_ms = full_at_ms_[name];
  // The clock may have been set back: no bucket is emptier than empty.
  full_at_ms = std::clamp(full_at_ms, now_ms, now_ms + burst_ * interval_ms_);
  const std::int64_t next_ms = full_at_ms + interval_ms_;
  const std::int64_t wait_ms = next_ms - (now_ms + burst_ * interval_ms_);
  if (wait_ms > 0) return wait_ms;
  full_at_ms = next_ms;
  return 0;
}

}  // namespace speechcoach::api
