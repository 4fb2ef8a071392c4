// Classes: who teaches and who learns in them, their learners' sessions, assignments, comments and the gradebook.
#pragma once

#include "api/http/router.h"
#include "base/clock.h"
#include "pipeline/session_service.h"
#include "storage/class_repository.h"
#include "storage/repositories.h"

namespace speechcoach::api {

class Guard;

// Not owned; all outlive the handlers.
struct ClassParts {
  storage::ClassRepository* classes = nullptr;
  storage::UserRepository* users = nullptr;
  storage::SentenceRepository* sentences = nullptr;
  pipeline::SessionService* service = nullptr;
  const base::Clock* clock = nullptr;
};

void AddClassRoutes(Router& router, const Guard& guard, const ClassParts& parts);
// What teachers and learners say about one recording, and who saw what.
void AddCommentRoutes(Router& router, const Guard& guard, const ClassParts& parts);
void AddAssignmentRoutes(Router& router, const Guard& guard, const ClassParts& parts);
void AddStruggleRoutes(Router& router, const Guard& guard, const ClassParts& parts);  // who struggles with what

}  // namespace speechcoach::api
