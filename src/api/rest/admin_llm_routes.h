// /api/v1/admin/llm/...
#pragma once

#include "api/auth/authenticator.h"
#include "api/http/router.h"
#include "base/clock.h"
#include "llm/llm_service.h"
#include "model/session.h"

namespace speechcoach::api {

// `authenticator`, `llm` and `clock` outlive the router.
void AddAdminLlmRoutes(Router& router, Authenticator& authenticator, llm::LlmService& llm, double daily_budget_usd,
                       const base::Clock& clock, model::Locale fallback);

}  // namespace speechcoach::api
