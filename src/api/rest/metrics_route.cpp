#include "api/rest/metrics_route.h"

#include <string_view>
#include <utility>

#include <openssl/crypto.h>

#include "api/rest/rest_context.h"

namespace speechcoach::api {
namespace {

constexpr std::string_view kBearer = "Bearer ";

// In a time that tells nothing of the token but its length.
bool Bears(std::string_view authorization, std::string_view token) {
  if (!authorization.starts_with(kBearer)) return false;
  const std::string_view given = authorization.substr(kBearer.size());
  return given.size() == token.size() && CRYPTO_memcmp(given.data(), token.data(), token.size()) == 0;
}

}  // namespace

void AddMetricsRoute(Router& router, const metrics::Metrics* metrics, std::string token, model::Locale fallback) {
  router.Add({.method = Method::kGet,
              .pattern = "/metrics",
              .handler = Unlimited(fallback, [metrics, token = std::move(token)](const Call& call) {
                if (metrics == nullptr || token.empty()) return call.FailHttp(404);
                if (!Bears(call.request->headers.Get("Authorization"), token))
                  return call.Fail({base::ErrorCode::kUnauthenticated, "not the token of the metrics"});
                Response response;
                response.headers.Set("Content-Type", std::string(metrics::kContentType));
                response.headers.Set("Cache-Control", "no-store");
                response.body = Body(metrics->Text());
                call.reply(std::move(response));
              })});
}

}  // namespace speechcoach::api
