// Learners' progress, kept up session by session. Every call blocks and is thread-safe; each is one transaction, and those of one user
// wait for each other. Errors everywhere: kStorageUnavailable.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/learning.h"
#include "model/progress.h"
#include "model/session.h"

namespace speechcoach::storage {

// How the whole is made from its parts: analytics::Summarise.
using Summariser = std::function<model::ProgressSummary(
    std::span<const model::PracticeDay> days, std::vector<model::SpeechCount> sounds, std::vector<model::SpeechCount> words)>;
// What a session adds, where its learner lives: analytics::ContributionOf.
using Contributor =
    std::function<std::optional<model::Contribution>(const model::Session& session, const std::string& time_zone)>;
// When a sentence is read again, from its readings in their order: learning::ReviewOf where the learner lives.
using Scheduler =
    std::function<std::optional<model::SentenceReview>(std::span<const model::Reading> readings, const std::string& time_zone)>;

struct ProgressRules {
  Summariser summarise;
  Contributor contribute;
  Scheduler schedule;
};

struct StoredProgress {
  model::ProgressSummary summary;
  std::string weak_areas_json;  // summary.weak_areas as it is kept and sent; summary's own is left empty
  std::int64_t updated_at_ms = 0;
};

class ProgressRepository {
 public:
  virtual ~ProgressRepository() = default;

  // Counts the session in place of what it added before; the same again changes nothing. kConflict: no such session.
  virtual base::Status Apply(const model::Contribution& contribution, const ProgressRules& rules) = 0;
  // Takes back what the session added; nothing there is no error.
  virtual base::Status Remove(std::int64_t user_id, std::string_view session_id, const ProgressRules& rules) = 0;
  // Forgets what is kept of that user and counts all sessions anew; answers how many.
  virtual base::Result<int> Rebuild(std::int64_t user_id, const ProgressRules& rules) = 0;

  // Users above `after_user_id` whose progress a migration wants to be counted anew, until Rebuild has done so; at most `limit` of them.
  virtual base::Result<std::vector<std::int64_t>> RebuildsDue(std::int64_t after_user_id, int limit) = 0;

  virtual base::Result<std::optional<StoredProgress>> Get(std::int64_t user_id) = 0;  // nothing before the first session
  virtual base::Result<std::vector<model::PracticeDay>> Days(std::int64_t user_id, std::int64_t from_day,
                                                             std::int64_t to_day) = 0;         // inclusive
  virtual base::Result<std::vector<model::SpeechCount>> Sounds(std::int64_t user_id) = 0;      // by text
  virtual base::Result<std::vector<model::SentenceReview>> Reviews(std::int64_t user_id) = 0;  // by sentence
};

}  // namespace speechcoach::storage
