// Keeps the schedule: finds what is due and has it run. A time that passed while nobody kept the schedule is caught up once, however
// many they were.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "schedule/job.h"
#include "schedule/job_runner.h"
#include "schedule/leadership.h"
#include "storage/schedule_repository.h"

namespace speechcoach::schedule {

// Has a job run, here or elsewhere; returns at once. The same may be asked for again.
using Dispatch = std::function<base::Status(const Call& call)>;

// What was asked for and has not begun so long after is asked for again.
inline constexpr std::chrono::milliseconds kAskAgain{60'000};

// Its references outlive it.
class Beat {
 public:
  Beat(const std::vector<Job>& jobs, Leadership& leadership, storage::ScheduleRepository& runs, const base::Clock& clock,
       Dispatch dispatch)
      : jobs_(jobs), leadership_(leadership), runs_(runs), clock_(clock), dispatch_(std::move(dispatch)) {}

  // Looks every `pause` until it is stopped, then gives up the lead. Blocks.
  void Run(const std::stop_token& stop, std::chrono::milliseconds pause);

  // One look: what is due is asked for, if this process leads. Errors: where the lead or the store cannot be asked.
  base::Status Look();

  bool is_leader() const { return is_leader_; }  // thread-safe

 private:
  struct Asked {
    std::int64_t due_at_ms = 0;
    std::int64_t at_ms = 0;
    bool is_settled = false;  // done, or tried often enough
  };

  const std::vector<Job>& jobs_;
  Leadership& leadership_;
  storage::ScheduleRepository& runs_;
  const base::Clock& clock_;
  const Dispatch dispatch_;
  std::map<std::string, Asked> asked_;
  std::atomic<bool> is_leader_ = false;
};

}  // namespace speechcoach::schedule
