// Jobs as tasks of a Celery queue: any process enqueues, `speechcoach worker` processes work.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/config.h"
#include "queue/job_queue.h"
#include "redis/client.h"

namespace speechcoach::queue {

struct CeleryJobOptions {
  std::string queue = "analyse";
  // 0: this process only enqueues. Otherwise so many jobs at once, under this name.
  int concurrency = 0;
  std::string hostname;
  std::function<void()> on_shutdown;  // asked for by remote control, on another thread; must return at once
};

// A job is the task "speechcoach.session.KIND" with {session_id, attempt}. Unlike in one process, a job that is enqueued while it
// waits is a second task: its handler looks first at what is done. `client` outlives the queue.
std::unique_ptr<JobQueue> MakeCeleryJobQueue(const base::Config& config, redis::Client& client, CeleryJobOptions options);

// "speechcoach@HOST": what a worker is called where nobody says otherwise.
std::string DefaultWorkerName();

}  // namespace speechcoach::queue
