// Work handed to the background, at least once each.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/config.h"
#include "base/result.h"
#include "storage/repositories.h"

namespace speechcoach::queue {

using Job = storage::JobRecord;

// What a handler answers: done (also where the work failed for good and that is recorded), or again later. Where a store is away it is no
// fault of the job: a queue that processes share does not count that as an attempt.
enum class JobOutcome { kDone, kRetry, kStoreAway };
// `stop` is requested when the queue stops and its grace is over: a handler then ends soon and answers kRetry.
using JobHandler = std::function<JobOutcome(const Job&, std::stop_token stop)>;
// Records that the work failed for good; anything but done: to be called again later.
using GiveUpHandler = std::function<JobOutcome(const Job&)>;

// Where jobs of a kind go in a broker that processes share.
struct JobRoute {
  std::string kind;
  std::string queue;
  std::string task;
};

// Thread-safe.
class JobQueue {
 public:
  virtual ~JobQueue() = default;

  // Durable once it returns ok. The same (kind, session_id) twice is one job; one that is running is run once more.
  // Errors: kBusy where `max_queued` jobs wait or the queue is stopped, kConflict where there is no such session,
  // kStorageUnavailable.
  virtual base::Status Enqueue(const Job& job) = 0;

  // Starts the workers, first on what an earlier process left behind. Once only: kWrongState after that. Handlers may run
  // again after a crash, so they look first at what is done; one that throws is tried again like kRetry, after a pause that
  // doubles. A job that was started `max_attempts` times and is not done is given to `give_up` until that
  // is done, then removed; a crash between the two gives it up once more.
  virtual base::Status Start(JobHandler handler, GiveUpHandler give_up) = 0;

  // Takes no new job, lets running handlers end for `grace`, then asks them to stop, and joins. Jobs left stay durable.
  // Idempotent. Never called by a handler.
  virtual void Stop(std::chrono::milliseconds grace) = 0;

  virtual int Waiting() const = 0;  // jobs not yet started
  // The same for each queue of a broker; empty where there is none, or it does not answer.
  virtual std::map<std::string, std::int64_t> WaitingByQueue() const { return {}; }
  // Sessions of the jobs not yet started, in the order in which these will be. Empty where nobody here knows it: several processes
  // take from a broker.
  virtual std::vector<std::string> InOrder() const { return {}; }
};

// Jobs in a database table, threads in this process. `jobs` outlives the queue.
std::unique_ptr<JobQueue> MakeInProcessQueue(const base::PipelineConfig& config, storage::JobRepository& jobs);

}  // namespace speechcoach::queue
