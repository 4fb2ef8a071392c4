#include "api/rest/request_limit.h"

#include <utility>

namespace speechcoach::api {

bool RequestLimit::Admit(const std::string& who, Call& call) {
  const RateLimiter::Admission admission = limiter_.Ask(who);
  call.reply = Reply([limit = per_minute_, admission, reply = call.reply](Response response) {
    response.headers.Set("RateLimit-Limit", std::to_string(limit));
    response.headers.Set("RateLimit-Remaining", std::to_string(admission.left));
    response.headers.Set("RateLimit-Reset", std::to_string((admission.ms_until_full + 999) / 1000));
    if (admission.wait_ms > 0) response.headers.Set("Retry-After", std::to_string((admission.wait_ms + 999) / 1000));
    reply(std::move(response));
  });
  if (admission.wait_ms == 0) return true;
  call.Fail({base::ErrorCode::kRateLimited, "too many requests"});
  return false;
}

}  // namespace speechcoach::api
