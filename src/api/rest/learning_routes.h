// What to practise next.
#pragma once

#include "api/http/router.h"
#include "base/clock.h"
#include "storage/account_repository.h"
#include "storage/progress_repository.h"
#include "storage/repositories.h"

namespace speechcoach::api {

class Guard;

// Not owned; all outlive the handlers.
struct LearningParts {
  storage::ProgressRepository* progress = nullptr;
  storage::AccountRepository* accounts = nullptr;
  storage::SentenceRepository* sentences = nullptr;
  const base::Clock* clock = nullptr;
};

void AddLearningRoutes(Router& router, const Guard& guard, const LearningParts& parts);

}  // namespace speechcoach::api
