// /healthz and /readyz, for whoever watches over the process.
#pragma once

#include <functional>

#include "api/http/router.h"
#include "base/result.h"
#include "model/session.h"

namespace speechcoach::api {

void AddHealthRoutes(Router& router, std::function<base::Status()> ready, model::Locale fallback);

}  // namespace speechcoach::api
