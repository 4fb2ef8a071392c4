// /api/v1/speech-practice/sessions...
#pragma once

#include "api/http/router.h"
#include "api/rest/final_wait.h"
#include "api/rest/rest_context.h"
#include "base/config.h"

namespace speechcoach::api {

inline constexpr std::string_view kSessionsPath = "/api/v1/speech-practice/sessions";

// What `parts` names outlives the router.
void AddSessionRoutes(Router& router, const Guard& guard, const WaitParts& parts, const base::Config& config);

}  // namespace speechcoach::api
