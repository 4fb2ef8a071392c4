#include "api/rest/class_access.h"

#include "api/http/text.h"
#include "api/rest/session_answers.h"

namespace speechcoach::api {

std::optional<model::SchoolClass> ClassAccess::Find(const Call& call) const {
  const auto id = ParseNumber(call.request->params.at("class_id"));
  auto found = id ? classes_.Get(*id) : base::Result<model::SchoolClass>(base::ErrorCode::kNotFound, "not a class id");
  if (found.ok()) return std::move(*found);
  call.Fail(found.error());
  return std::nullopt;
}

base::Result<bool> ClassAccess::Teaches(std::int64_t user_id, const model::SchoolClass& its) const {
  if (its.teacher_id != user_id) return false;
  const auto user = users_.Get(user_id);
  if (!user.ok()) return user.error();
  return user->role != model::Role::kLearner;
}

std::optional<model::SchoolClass> ClassAccess::Taught(const Call& call) const {
  auto found = Find(call);
  if (!found) return std::nullopt;
  const auto teaches = Teaches(call.user_id, *found);
  if (teaches.ok() && *teaches) return found;
  call.Fail(teaches.ok() ? base::Error{base::ErrorCode::kNotFound, "another teacher's class"} : teaches.error());
  return std::nullopt;
}

std::optional<EnteredClass> ClassAccess::TaughtOrJoined(const Call& call) const {
  auto found = Find(call);
  if (!found) return std::nullopt;
  const auto teaches = Teaches(call.user_id, *found);
  if (!teaches.ok()) {
    call.Fail(teaches.error());
    return std::nullopt;
  }
  if (*teaches) return EnteredClass{std::move(*found), true};
  const auto joined = classes_.JoinedAt(found->id, call.user_id);
  if (joined.ok()) return EnteredClass{std::move(*found), false};
  call.Fail(joined.error());
  return std::nullopt;
}

std::optional<TaughtLearner> ClassAccess::Learner(const Call& call) const {
  const auto found = Taught(call);
  if (!found) return std::nullopt;
  const auto user_id = ParseNumber(call.request->params.at("user_id"));
  const auto joined =
      user_id ? classes_.JoinedAt(found->id, *user_id) : base::Result<std::int64_t>(base::ErrorCode::kNotFound, "not a user id");
  if (joined.ok()) return TaughtLearner{found->id, *user_id, *joined};
  call.Fail(joined.error());
  return std::nullopt;
}

std::optional<storage::StoredSession> ClassAccess::Session(const Call& call, const TaughtLearner& learner) const {
  const auto id = SessionIdOf(call);
  if (!id) return std::nullopt;
  auto stored = service_.GetStored(learner.user_id, *id);
  if (stored.ok() && stored->session.created_at_ms >= learner.since_ms) return std::move(*stored);
  call.Fail(stored.ok() ? base::Error{base::ErrorCode::kSessionNotFound, "held before the learner joined"} : stored.error());
  return std::nullopt;
}

bool ClassAccess::Log(const Call& call, std::int64_t user_id, std::string_view action, std::string_view session_id) const {
  const base::Status logged =
      classes_.LogAccess({0, user_id, call.user_id, {}, std::string(action), std::string(session_id), clock_.NowMs()});
  if (!logged.ok()) call.Fail(logged.error());
  return logged.ok();
}

}  // namespace speechcoach::api
