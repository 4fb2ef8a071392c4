#include "schedule/local_runs.h"

namespace speechcoach::schedule {

base::Status LocalRuns::Start(const Call& call) {
  const std::lock_guard lock(mutex_);
  if (is_stopping_) return {base::ErrorCode::kCancelled, "the process stops"};
  Run& run = runs_[call.job];
  if (run.thread.joinable() && !run.is_over) return {};
  run.thread = {};  // the one before has ended: this joins it
  run.is_over = false;
  run.thread = std::jthread([this, call, &run](const std::stop_token& stop) {
    // What went wrong is in the log and in the store.
    static_cast<void>(runner_.Run(call, stop));
    run.is_over = true;
  });
  return {};
}

void LocalRuns::RequestStop() {
  const std::lock_guard lock(mutex_);
  is_stopping_ = true;
  for (auto& [job, run] : runs_) run.thread.request_stop();
}

}  // namespace speechcoach::schedule
