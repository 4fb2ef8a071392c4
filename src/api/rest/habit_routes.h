// /api/v1/speech-practice/analytics/habits
#pragma once

#include "api/http/router.h"
#include "pipeline/session_service.h"

namespace speechcoach::api {

class Guard;

// What is given outlives the router.
void AddHabitRoutes(Router& router, const Guard& guard, pipeline::SessionService& service);

}  // namespace speechcoach::api
