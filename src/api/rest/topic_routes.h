// /api/v1/conversation/topics
#pragma once

#include "api/http/router.h"
#include "api/rest/rest_context.h"

namespace speechcoach::api {

void AddTopicRoutes(Router& router, const Guard& guard);

}  // namespace speechcoach::api
