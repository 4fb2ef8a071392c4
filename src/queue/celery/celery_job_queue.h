// Jobs as tasks of Celery queues: any process enqueues, `speechcoach worker` processes work.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/config.h"
#include "queue/job_queue.h"
#include "redis/client.h"

namespace speechcoach::queue {

struct CeleryJobOptions {
  std::vector<JobRoute> routes;  // of all kinds; the first is that of new work, which `pipeline.max_queued` bounds
  // The queues that this process works on, with how many jobs of each at once; none: it only enqueues.
  std::map<std::string, int> slots;
  std::string hostname;
  std::function<void()> on_shutdown;  // asked for by remote control, on another thread; must return at once
};

// A job is the task of its kind's route with {session_id, attempt}. Unlike in one process, a job that is enqueued while it
// waits is a second task: its handler looks first at what is done. `client` outlives the queue.
std::unique_ptr<JobQueue> MakeCeleryJobQueue(const base::Config& config, redis::Client& client, CeleryJobOptions options);

// "speechcoach@HOST": what a worker is called where nobody says otherwise.
std::string DefaultWorkerName();

}  // namespace speechcoach::queue
