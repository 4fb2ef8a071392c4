#include "pipeline/progress_keeper.h"

#include "analytics/contribution.h"
#include "analytics/progress.h"
#include "analytics/time_zone.h"
#include "base/log.h"
#include "learning/spaced_repetition.h"

namespace speechcoach::pipeline {
namespace {

std::optional<model::SentenceReview> Schedule(std::span<const model::Reading> readings, const std::string& time_zone) {
  std::vector<learning::DatedReading> dated;
  dated.reserve(readings.size());
  for (const model::Reading& reading : readings) dated.push_back({analytics::LocalDay(reading.at_ms, time_zone), reading.score});
  return learning::ReviewOf(dated);
}

const storage::ProgressRules& Rules() {
  static const storage::ProgressRules rules{analytics::Summarise, analytics::ContributionOf, Schedule};
  return rules;
}

}  // namespace

base::Status ProgressKeeper::Count(const model::Session& session) {
  const bool counts = session.status == model::SessionStatus::kCompleted || session.status == model::SessionStatus::kDegraded;
  if (!counts) return model::IsFinal(session.status) ? Forget(session.user_id, session.id) : base::Status();
  const auto settings = accounts_.Settings(session.user_id);
  if (!settings.ok()) return settings.error();
  const auto contribution = analytics::ContributionOf(session, settings->time_zone);
  if (!contribution) return {};
  return progress_.Apply(*contribution, Rules());
}

base::Status ProgressKeeper::Forget(std::int64_t user_id, const std::string& session_id) {
  return progress_.Remove(user_id, session_id, Rules());
}

base::Result<int> ProgressKeeper::Rebuild(std::int64_t user_id) { return progress_.Rebuild(user_id, Rules()); }

base::Result<int> ProgressKeeper::RebuildDue(const std::stop_token& stop) {
  int count = 0;
  std::int64_t after = 0;
  while (!stop.stop_requested()) {
    const auto due = progress_.RebuildsDue(after, 1);
    if (!due.ok()) return due.error();
    if (due->empty()) break;
    after = due->front();
    const auto rebuilt = Rebuild(after);
    if (rebuilt.ok()) ++count;
    if (rebuilt.ok()) continue;
    if (rebuilt.error().code == base::ErrorCode::kStorageUnavailable) return rebuilt.error();
    // One user's unreadable row holds up nobody else.
    base::Log(base::LogLevel::kWarning, "progress of one user not counted anew", {{"reason", rebuilt.error().message}});
  }
  return count;
}

}  // namespace speechcoach::pipeline
