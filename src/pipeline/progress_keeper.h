// Counts finished sessions into their learners' progress.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "model/session.h"
#include "storage/account_repository.h"
#include "storage/progress_repository.h"

namespace speechcoach::pipeline {

// Thread-safe; every call blocks on the database. Errors: kStorageUnavailable.
class ProgressKeeper {
 public:
  // What is given outlives it.
  ProgressKeeper(storage::ProgressRepository& progress, storage::AccountRepository& accounts)
      : progress_(progress), accounts_(accounts) {}

  // Brings the progress up to date with the session as it is now: counted where it is completed or degraded, taken back where it
  // failed. However often and in whatever order it is called, the progress comes out the same.
  base::Status Count(const model::Session& session);
  base::Status Forget(std::int64_t user_id, const std::string& session_id);
  base::Result<int> Rebuild(std::int64_t user_id);  // the sessions counted
  // Counts anew what a migration left to be counted anew, until that is done or `stop` is asked for; answers for how many users.
  base::Result<int> RebuildDue(const std::stop_token& stop);

 private:
  storage::ProgressRepository& progress_;
  storage::AccountRepository& accounts_;
};

}  // namespace speechcoach::pipeline
