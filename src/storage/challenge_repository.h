// Challenges of classes, and their leaderboards. Every call blocks and is thread-safe. Whether somebody may do a thing is the caller's to
// decide. Errors everywhere: kStorageUnavailable.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "model/challenge.h"

namespace speechcoach::storage {

class ChallengeRepository {
 public:
  virtual ~ChallengeRepository() = default;

  virtual base::Result<model::Challenge> Add(const model::Challenge& challenge) = 0;  // with its id; kConflict: no such class
  virtual base::Status Delete(std::int64_t class_id, std::int64_t challenge_id) = 0;  // kNotFound
  virtual base::Result<std::vector<model::Challenge>> Of(std::int64_t class_id) = 0;  // in the order they were made

  // What members practised in the challenge's time since they joined; of all, or of one of them.
  virtual base::Result<model::PracticeSum> Done(const model::Challenge& challenge, std::optional<std::int64_t> user_id) = 0;

  virtual base::Status TakePart(std::int64_t class_id, std::int64_t user_id, bool takes_part) = 0;  // kConflict: no member
  virtual base::Result<bool> TakesPart(std::int64_t class_id, std::int64_t user_id) = 0;
  virtual base::Result<std::vector<std::int64_t>> LeaderboardsOf(
      std::int64_t user_id) = 0;  // classes on whose leaderboard they are
  // Those who take part, with what they practised since both `since_ms` and joining; who practised longest comes first.
  virtual base::Result<std::vector<model::LeaderboardRow>> Leaderboard(std::int64_t class_id, std::int64_t since_ms) = 0;
};

}  // namespace speechcoach::storage
