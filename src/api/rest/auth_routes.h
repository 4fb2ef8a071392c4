// /api/v1/auth/...
#pragma once

#include "api/auth/authenticator.h"
#include "api/http/router.h"
#include "model/session.h"

namespace speechcoach::api {

// `authenticator` outlives the router.
void AddAuthRoutes(Router& router, Authenticator& authenticator, model::Locale fallback);

}  // namespace speechcoach::api
