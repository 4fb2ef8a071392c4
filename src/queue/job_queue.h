// Work handed to the background, at least once each.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/config.h"
#include "base/result.h"
#include "storage/repositories.h"

namespace speechcoach::queue {

using Job = storage::JobRecord;

// What a handler answers: done (also where the work failed for good and that is recorded), or again later.
enum class JobOutcome { kDone, kRetry };
using JobHandler = std::function<JobOutcome(const Job&)>;

// Thread-safe.
class JobQueue {
 public:
  virtual ~JobQueue() = default;

  // Durable once it returns ok. The same (kind, session_id) twice is one job. Errors: kBusy where `max_queued` jobs wait,
  // kStorageUnavailable.
  virtual base::Status Enqueue(const Job& job) = 0;

  // Starts the workers, first on what an earlier process left behind. Handlers may run again after a crash, so they look
  // first at what is done. A job started more than `max_attempts` times is given to `give_up` once, then removed.
  virtual base::Status Start(JobHandler handler, std::function<void(const Job&)> give_up) = 0;

  // Takes no new job, lets running handlers end for at most `grace`, joins. Jobs left stay durable. Idempotent.
  virtual void Stop(std::chrono::milliseconds grace) = 0;

  virtual int Waiting() const = 0;  // jobs not yet started
};

// Jobs in a database table, threads in this process. `jobs` outlives the queue.
std::unique_ptr<JobQueue> MakeInProcessQueue(const base::PipelineConfig& config, storage::JobRepository& jobs);

}  // namespace speechcoach::queue
