// Challenges that a class takes on together, and the leaderboard of those who want one.
#pragma once

#include "api/http/router.h"
#include "api/rest/class_routes.h"
#include "storage/challenge_repository.h"

namespace speechcoach::api {

class Guard;

// Not owned; all outlive the handlers.
void AddChallengeRoutes(Router& router, const Guard& guard, const ClassParts& parts, storage::ChallengeRepository& challenges);

}  // namespace speechcoach::api
