// /api/v1/sentences...
#pragma once

#include "api/rest/rest_context.h"
#include "api/http/router.h"
#include "model/session.h"
#include "storage/repositories.h"

namespace speechcoach::api {

// `sentences` outlives the router.
void AddSentenceRoutes(Router& router, const Guard& guard, storage::SentenceRepository& sentences);

}  // namespace speechcoach::api
