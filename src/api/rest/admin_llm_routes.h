// /api/v1/admin/llm/...
#pragma once

#include "api/http/router.h"
#include "api/rest/rest_context.h"
#include "base/clock.h"
#include "llm/llm_service.h"
#include "model/session.h"

namespace speechcoach::api {

// `llm` and `clock` outlive the router.
void AddAdminLlmRoutes(Router& router, const Guard& guard, llm::LlmService& llm, double daily_budget_usd,
                       const base::Clock& clock);

}  // namespace speechcoach::api
