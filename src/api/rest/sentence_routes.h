// /api/v1/sentences...
#pragma once

#include "api/http/router.h"
#include "api/rest/rest_context.h"
#include "base/clock.h"
#include "model/session.h"
#include "storage/repositories.h"

namespace speechcoach::api {

// What is given outlives the router.
void AddSentenceRoutes(Router& router, const Guard& guard, storage::SentenceRepository& sentences, const base::Clock& clock);

}  // namespace speechcoach::api
