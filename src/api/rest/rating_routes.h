// People rate readings: learners consent, teachers listen and rate without knowing who it is or what the program thought, administrators
// read how well the program agrees with them.
#pragma once

#include "api/http/router.h"
#include "api/rest/class_routes.h"
#include "storage/guardian_repository.h"
#include "storage/rating_repository.h"

namespace speechcoach::api {

class Guard;

// Not owned; all outlive the handlers.
struct RatingParts {
  storage::RatingRepository* ratings = nullptr;
  storage::GuardianRepository* guardians = nullptr;
  ClassParts classes;  // keep who heard what
};

void AddRatingRoutes(Router& router, const Guard& guard, const RatingParts& parts);

}  // namespace speechcoach::api
