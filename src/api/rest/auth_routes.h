// /api/v1/auth/...
#pragma once

#include "api/auth/accounts.h"
#include "api/auth/authenticator.h"
#include "api/http/router.h"
#include "api/rest/rest_context.h"
#include "base/clock.h"
#include "pipeline/progress_keeper.h"
#include "pipeline/retention.h"
#include "storage/account_repository.h"
#include "storage/guardian_repository.h"

namespace speechcoach::api {

// Not owned; all outlive the router.
struct AuthParts {
  Authenticator* authenticator = nullptr;
  Accounts* accounts = nullptr;
  storage::UserRepository* users = nullptr;
  storage::AccountRepository* settings = nullptr;
  pipeline::ProgressKeeper* progress = nullptr;
  pipeline::Retention* retention = nullptr;
  storage::GuardianRepository* guardians = nullptr;
  const base::Clock* clock = nullptr;
};

void AddAuthRoutes(Router& router, const Guard& guard, const AuthParts& parts);

}  // namespace speechcoach::api
