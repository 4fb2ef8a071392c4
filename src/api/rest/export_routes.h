// All that is kept about the caller, to take along.
#pragma once

#include "api/http/router.h"
#include "base/clock.h"
#include "pipeline/session_service.h"
#include "storage/account_repository.h"
#include "storage/challenge_repository.h"
#include "storage/class_repository.h"
#include "storage/dispute_repository.h"
#include "storage/guardian_repository.h"
#include "storage/product_repository.h"
#include "storage/rating_repository.h"
#include "storage/repositories.h"

namespace speechcoach::api {

class Guard;

// Not owned; all outlive the handlers.
struct ExportParts {
  storage::UserRepository* users = nullptr;
  storage::AccountRepository* accounts = nullptr;
  storage::ClassRepository* classes = nullptr;
  storage::SentenceRepository* sentences = nullptr;
  storage::DisputeRepository* disputes = nullptr;
  storage::ProductRepository* product = nullptr;
  storage::ChallengeRepository* challenges = nullptr;
  storage::RatingRepository* ratings = nullptr;
  storage::GuardianRepository* guardians = nullptr;
  pipeline::SessionService* service = nullptr;
  const base::Clock* clock = nullptr;
};

void AddExportRoutes(Router& router, const Guard& guard, const ExportParts& parts);

}  // namespace speechcoach::api
