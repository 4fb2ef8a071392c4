// /api/v1/lan: how phones of the local network come to this server.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "api/http/router.h"
#include "api/rest/rest_context.h"

namespace speechcoach::api {

struct LanAddress {
  std::function<std::string()> url;
  std::string authority;    // PEM: the certificate of whoever vouches for the address
  std::string fingerprint;  // its SHA-256, as browsers show it
};

// Where `lan` is nothing, the server is open to no local network: the address and the fingerprint are null, the certificate not there.
void AddLanRoutes(Router& router, const Guard& guard, std::optional<LanAddress> lan);

}  // namespace speechcoach::api
