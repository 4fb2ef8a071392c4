// Keeps an installation's schedule on a thread of its own: the beat of a process, and the runs that it starts.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/config.h"
#include "parts.h"
#include "queue/celery/worker.h"
#include "schedule/beat.h"
#include "schedule/job_runner.h"
#include "schedule/leadership.h"
#include "schedule/local_runs.h"

namespace speechcoach::app {

class ScheduleKeeper {
 public:
  // With a broker one of all keepers leads, and the jobs are sent to its queue; without one they run here. Starts with Start(). `parts` and
  // `runner` outlive it.
  ScheduleKeeper(SharedParts& parts, const schedule::JobRunner& runner);

  void Start();
  // Asks what runs here to stop, without waiting.
  void RequestStop();
  // The same, and waits for it.
  void Stop();

  bool is_leader() const { return beat_.is_leader(); }

 private:
  std::unique_ptr<schedule::Leadership> leadership_;
  std::optional<schedule::LocalRuns> here_;
  schedule::Beat beat_;
  std::jthread thread_;
};

// Runs the jobs that come through the broker's queue "beat", each on a thread of its own. What it is made of outlives it; not started.
std::unique_ptr<queue::celery::Worker> MakeBeatWorker(const base::Config& config, const std::string& hostname,
                                                      const redis::Client& client, const schedule::JobRunner& runner,
                                                      std::function<void()> on_shutdown);

// "beat-PID@HOST": what it is called where nobody says otherwise.
std::string BeatWorkerName();

}  // namespace speechcoach::app
