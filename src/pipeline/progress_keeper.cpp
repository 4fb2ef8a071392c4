#include "pipeline/progress_keeper.h"

#include "analytics/contribution.h"
#include "analytics/progress.h"

namespace speechcoach::pipeline {

base::Status ProgressKeeper::Count(const model::Session& session) {
  const bool counts = session.status == model::SessionStatus::kCompleted || session.status == model::SessionStatus::kDegraded;
  if (!counts) return model::IsFinal(session.status) ? Forget(session.user_id, session.id) : base::Status();
  const auto settings = accounts_.Settings(session.user_id);
  if (!settings.ok()) return settings.error();
  const auto contribution = analytics::ContributionOf(session, settings->time_zone);
  if (!contribution) return {};
  return progress_.Apply(*contribution, analytics::Summarise);
}

base::Status ProgressKeeper::Forget(std::int64_t user_id, const std::string& session_id) {
  return progress_.Remove(user_id, session_id, analytics::Summarise);
}

base::Result<int> ProgressKeeper::Rebuild(std::int64_t user_id) {
  return progress_.Rebuild(user_id, analytics::ContributionOf, analytics::Summarise);
}

}  // namespace speechcoach::pipeline
