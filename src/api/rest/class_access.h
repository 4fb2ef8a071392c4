// Which class, and whose recordings, a call may touch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/rest/class_routes.h"
#include "api/rest/rest_context.h"
#include "base/clock.h"
#include "model/classes.h"
#include "model/session.h"
#include "pipeline/session_service.h"
#include "storage/class_repository.h"
#include "storage/repositories.h"

namespace speechcoach::api {

// A learner of the caller's class, and since when what they practise is open to the class's teacher.
struct TaughtLearner {
  std::int64_t class_id = 0;
  std::int64_t user_id = 0;
  std::int64_t since_ms = 0;
};

// A class that the caller teaches or learns in.
struct EnteredClass {
  model::SchoolClass its;
  bool is_taught = false;  // by the caller
};

// Every function tells the client what is wrong where it answers nothing: 404 for what is somebody else's, like for what is not there.
// Not owned: what is given outlives it. Thread-safe.
class ClassAccess {
 public:
  explicit ClassAccess(const ClassParts& parts)
      : classes_(*parts.classes), users_(*parts.users), service_(*parts.service), clock_(*parts.clock) {}

  std::optional<model::SchoolClass> Taught(const Call& call) const;    // {class_id}, whose teacher the caller is
  std::optional<EnteredClass> TaughtOrJoined(const Call& call) const;  // {class_id}, whose teacher or learner the caller is
  std::optional<TaughtLearner> Learner(const Call& call) const;        // {class_id} and {user_id}
  // {session_id} of that learner, held since they joined.
  std::optional<storage::StoredSession> Session(const Call& call, const TaughtLearner& learner) const;

  // Writes down that the caller saw or heard something of the learner's; false where that cannot be done: then nothing is shown.
  bool Log(const Call& call, std::int64_t user_id, std::string_view action, std::string_view session_id = {}) const;

 private:
  std::optional<model::SchoolClass> Find(const Call& call) const;
  // Whoever made the class and is no teacher any more has no say in it.
  base::Result<bool> Teaches(std::int64_t user_id, const model::SchoolClass& its) const;

  storage::ClassRepository& classes_;
  storage::UserRepository& users_;
  pipeline::SessionService& service_;
  const base::Clock& clock_;
};

}  // namespace speechcoach::api
