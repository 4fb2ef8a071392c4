// Runs jobs, each at most once for each time at which it was due.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "schedule/job.h"
#include "storage/schedule_repository.h"

namespace speechcoach::schedule {

// One run that is asked for.
struct Call {
  std::string job = {};
  std::optional<std::int64_t> due_at_ms = {};  // absent: now, whatever the schedule says
  std::int64_t fence = 0;                      // of the leader that asks; 0: nobody who can be replaced
};

// How often what failed, or died, is tried for one time at which it was due.
inline constexpr int kMaxAttempts = 3;

// Thread-safe; any number of processes may run the same jobs. `runs` and `clock` outlive it.
class JobRunner {
 public:
  JobRunner(std::vector<Job> jobs, storage::ScheduleRepository& runs, const base::Clock& clock)
      : jobs_(std::move(jobs)), runs_(runs), clock_(clock) {}

  // False where there is nothing to do: it was done, is being done, or a later leader has taken over. Errors: kNotFound (no such job),
  // kStorageUnavailable, kCancelled (stopped before it was done), and what the job answers.
  base::Result<bool> Run(const Call& call, const std::stop_token& stop) const;

  const std::vector<Job>& jobs() const { return jobs_; }

 private:
  const std::vector<Job> jobs_;
  storage::ScheduleRepository& runs_;
  const base::Clock& clock_;
};

}  // namespace speechcoach::schedule
