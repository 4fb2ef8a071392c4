#include "api/rest/health_routes.h"

#include <utility>

#include "api/rest/rest_context.h"

namespace speechcoach::api {

void AddHealthRoutes(Router& router, std::function<base::Status()> ready, model::Locale fallback) {
  router.Add({.method = Method::kGet, .pattern = "/healthz", .handler = Unlimited(fallback, [](const Call& call) {
                                                               call.Send(200, {{"status", "ok"}});
                                                             })});
  router.Add({.method = Method::kGet,
              .pattern = "/readyz",
              .handler = Unlimited(fallback, [ready = std::move(ready)](const Call& call) {
                const base::Status status = ready ? ready() : base::Status();
                if (!status.ok()) return call.Fail({base::ErrorCode::kStorageUnavailable, status.error().message});
                call.Send(200, {{"status", "ok"}});
              })});
}

}  // namespace speechcoach::api
