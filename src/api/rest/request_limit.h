// How many requests a minute a user, or an address that is not signed in, may make.
#pragma once

#include <string>

#include "api/auth/rate_limiter.h"
#include "api/rest/rest_context.h"
#include "base/clock.h"

namespace speechcoach::api {

// Thread-safe.
class RequestLimit {
 public:
  // A minute's worth may come at once. `clock` and `shared` outlive the limit; see RateLimiter.
  RequestLimit(int per_minute, const base::Clock& clock, redis::TokenBuckets* shared = nullptr)
      : per_minute_(per_minute),
        limiter_(clock, {"requests", per_minute / 60.0, static_cast<double>(per_minute)}, shared, 100'000) {}

  // Adds the RateLimit-* fields to whatever the call is answered. False where it may not go on: it is answered already (429).
  bool Admit(const std::string& who, Call& call);

 private:
  const int per_minute_;
  RateLimiter limiter_;
};

}  // namespace speechcoach::api
