// What learners say is wrong about their scores, kept until somebody has looked. Every call blocks and is thread-safe. Errors
// everywhere: kStorageUnavailable.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "model/dispute.h"

namespace speechcoach::storage {

class DisputeRepository {
 public:
  virtual ~DisputeRepository() = default;

  // With its id. The same score of the same session again takes the place of what was said before, and is open again. kConflict: no such session.
  virtual base::Result<model::ScoreDispute> Add(const model::ScoreDispute& dispute) = 0;
  virtual base::Result<model::ScoreDispute> Get(std::int64_t id) = 0;                                 // kNotFound
  virtual base::Result<std::vector<model::ScoreDispute>> Open(std::int64_t after_id, int limit) = 0;  // the oldest first
  virtual base::Result<std::vector<model::ScoreDispute>> By(std::int64_t user_id) = 0;                // all, the oldest first
  virtual base::Status MarkReviewed(std::int64_t id, std::int64_t now_ms) = 0;  // kNotFound: also where it was before
};

}  // namespace speechcoach::storage
