// /api/v1/speech-practice/progress, .../analytics/trends
#pragma once

#include "api/http/router.h"
#include "api/rest/rest_context.h"
#include "base/clock.h"
#include "model/session.h"
#include "storage/account_repository.h"
#include "storage/progress_repository.h"

namespace speechcoach::api {

// What is given outlives the router.
void AddProgressRoutes(Router& router, const Guard& guard, storage::ProgressRepository& progress,
                       storage::AccountRepository& accounts, const base::Clock& clock);

}  // namespace speechcoach::api
