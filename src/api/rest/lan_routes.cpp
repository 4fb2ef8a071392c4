#include "api/rest/lan_routes.h"

#include <memory>
#include <utility>

#include <boost/json.hpp>

namespace speechcoach::api {

void AddLanRoutes(Router& router, const Guard& guard, std::optional<LanAddress> lan) {
  const auto known = std::make_shared<const std::optional<LanAddress>>(std::move(lan));
  router.Add({.method = Method::kGet, .pattern = "/api/v1/lan", .handler = guard.SignedIn([known](const Call& call) {
                if (!*known) return call.Send(200, {{"url", nullptr}, {"fingerprint", nullptr}});
                call.Send(200, {{"url", (*known)->url()}, {"fingerprint", (*known)->fingerprint}});
              })});
  router.Add({.method = Method::kGet, .pattern = "/api/v1/lan/authority", .handler = guard.Public([known](const Call& call) {
                if (!*known) return call.FailHttp(404);
                Response response;
                // Phones offer to install what has this type.
                response.headers.Set("Content-Type", "application/x-x509-ca-cert");
                response.headers.Set("Content-Disposition", "attachment; filename=\"speechcoach.crt\"");
                response.body = Body((*known)->authority);
                call.reply(std::move(response));
              })});
}

}  // namespace speechcoach::api
