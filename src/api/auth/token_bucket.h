// So many at once, then so many a second.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace speechcoach::api {

// Not thread-safe. A clock that is set back only slows the refill.
class TokenBucket {
 public:
  TokenBucket(double per_second, double burst) : per_ms_(per_second / 1000.0), burst_(burst), tokens_(burst) {}

  // 0: there were `count`, and they are taken. Otherwise how long until there are, in milliseconds. `count`: at most the burst.
  std::int64_t Take(std::int64_t now_ms, double count = 1.0) {
    tokens_ = TokensAt(now_ms);
    last_ms_ = now_ms;
    if (tokens_ < count) return static_cast<std::int64_t>(std::ceil((count - tokens_) / per_ms_));
    tokens_ -= count;
    return 0;
  }

  std::int64_t Left(std::int64_t now_ms) const { return static_cast<std::int64_t>(TokensAt(now_ms)); }
  std::int64_t MsUntilFull(std::int64_t now_ms) const {
    return static_cast<std::int64_t>(std::ceil((burst_ - TokensAt(now_ms)) / per_ms_));
  }
  bool IsFull(std::int64_t now_ms) const { return TokensAt(now_ms) >= burst_; }

 private:
  double TokensAt(std::int64_t now_ms) const {
    if (now_ms <= last_ms_) return tokens_;
    return std::min(burst_, tokens_ + static_cast<double>(now_ms - last_ms_) * per_ms_);
  }

  double per_ms_;
  double burst_;
  double tokens_;
  std::int64_t last_ms_ = 0;
};

}  // namespace speechcoach::api
