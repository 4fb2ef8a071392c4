// Runs jobs in this process, each on a thread of its own, so that a long one delays no other.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.h"
#include "schedule/job_runner.h"

namespace speechcoach::schedule {

// Thread-safe. `runner` outlives it. Its end asks what runs to stop and waits for it.
class LocalRuns {
 public:
  explicit LocalRuns(const JobRunner& runner) : runner_(runner) {}

  // One that runs already is left alone.
  base::Status Start(const Call& call);

  // Asks all to stop, without waiting; nothing is started any more.
  void RequestStop();

 private:
  struct Run {
    std::atomic<bool> is_over = false;
    std::jthread thread;  // last: it uses the other
  };

  const JobRunner& runner_;
  std::mutex mutex_;
  bool is_stopping_ = false;
  std::map<std::string, Run> runs_;
};

}  // namespace speechcoach::schedule
