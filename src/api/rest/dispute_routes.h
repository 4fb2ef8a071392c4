// Learners say that a score is wrong; administrators listen, and say that they have.
#pragma once

#include <boost/json.hpp>

#include "api/http/router.h"
#include "base/clock.h"
#include "pipeline/session_service.h"
#include "storage/class_repository.h"
#include "storage/dispute_repository.h"

namespace speechcoach::api {

class Guard;

// Not owned; all outlive the handlers.
struct DisputeParts {
  storage::DisputeRepository* disputes = nullptr;
  storage::ClassRepository* classes = nullptr;  // keeps who saw what
  pipeline::SessionService* service = nullptr;
  const base::Clock* clock = nullptr;
};

boost::json::object ToJson(const model::ScoreDispute& dispute);

void AddDisputeRoutes(Router& router, const Guard& guard, const DisputeParts& parts);

}  // namespace speechcoach::api
