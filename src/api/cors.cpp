#include "api/cors.h"

#include "api/ws/upgrade.h"

namespace speechcoach::api {

void AddCorsHeaders(const Request& request, const std::vector<std::string>& allowed_origins, Response& response) {
  if (allowed_origins.empty()) return;
  response.headers.Add("Vary", "Origin");
  const std::string_view origin = request.headers.Get("Origin");
  if (origin.empty() || !IsAllowedOrigin(origin, {}, allowed_origins)) return;
  response.headers.Set("Access-Control-Allow-Origin", std::string(origin));
  response.headers.Set("Access-Control-Expose-Headers",
                       "ETag, Idempotency-Replayed, Location, Retry-After, X-Request-Id, Content-Range, RateLimit-Limit, "
                       "RateLimit-Remaining, RateLimit-Reset");
}

Response AnswerOptions(const Request& request, const std::vector<Method>& allowed_methods) {
  Response response{.status = 204, .headers = {}, .body = {}};
  response.headers.Set("Allow", AllowField(allowed_methods));
  if (request.headers.Has("Access-Control-Request-Method")) {
    response.headers.Set("Access-Control-Allow-Methods", AllowField(allowed_methods));
    response.headers.Set("Access-Control-Allow-Headers",
                         "Authorization, Content-Type, Idempotency-Key, If-None-Match, Range, X-Request-Id");
    response.headers.Set("Access-Control-Max-Age", "600");
  }
  return response;
}

std::string AllowField(const std::vector<Method>& methods) {
  std::string field;
  for (const Method method : methods) field += std::string(Name(method)) + ", ";
  return field + "OPTIONS";
}

}  // namespace speechcoach::api
