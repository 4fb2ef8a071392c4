// Consent for learners who are children: they say so and get a link for a guardian, who answers without an account; teachers record the
// consent that their school holds.
#pragma once

#include <optional>

#include <boost/json.hpp>

#include "api/auth/authenticator.h"
#include "api/http/router.h"
#include "api/rest/class_routes.h"
#include "model/guardian_consent.h"
#include "storage/guardian_repository.h"

namespace speechcoach::api {

class Guard;

// Not owned; all outlive the handlers.
struct GuardianParts {
  storage::GuardianRepository* guardians = nullptr;
  Authenticator* authenticator = nullptr;
  ClassParts classes;
};

// As the API shows it; nothing: no child.
boost::json::object GuardianConsentJson(const std::optional<model::GuardianConsent>& consent);

void AddGuardianRoutes(Router& router, const Guard& guard, const GuardianParts& parts);

}  // namespace speechcoach::api
