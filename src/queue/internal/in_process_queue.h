// Jobs in a database table, run by threads in this process.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/trace_context.h"
#include "queue/internal/backoff.h"
#include "queue/job_queue.h"

namespace speechcoach::queue {

// The table is the truth about which jobs there are and how often each was started; memory holds the same jobs and the order
// to run them in. A job's row is there before Enqueue answers and until its handler has answered kDone.
class InProcessQueue final : public JobQueue {
 public:
  InProcessQueue(const base::PipelineConfig& config, const Backoff& backoff, storage::JobRepository& jobs);
  ~InProcessQueue() override;

  base::Status Enqueue(const Job& job) override;
  base::Status Start(JobHandler handler, GiveUpHandler give_up) override;
  void Stop(std::chrono::milliseconds grace) override;
  int Waiting() const override;
  std::vector<std::string> InOrder() const override;

 private:
  using Key = std::pair<std::string, std::string>;  // session_id, kind
  using TimePoint = std::chrono::steady_clock::time_point;

  enum class State {
    kAdding,    // its row is being written
    kWaiting,   // in `due_`
    kRunning,   // with a worker
    kRemoving,  // its row is being deleted
  };
  struct Entry {
    State state = State::kAdding;
    int retries = 0;                // since it was last enqueued
    bool enqueued_again = false;    // while it was running
    base::TraceContext trace = {};  // of who enqueued it; none after a restart of the process
  };

  // What a run of a job leads to.
  enum class Verdict {
    kRemove,   // done or given up
    kForget,   // its row is gone
    kRetry,    // again after a pause
    kRestart,  // again as if it had never been started
  };

  static Key KeyOf(const Job& job) { return {job.session_id, job.kind}; }

  void Work();
  Verdict RunJob(Job job);
  JobOutcome CallHandler(const Job& job);
  base::TraceContext TraceOf(const Job& job);
  bool CallGiveUp(const Job& job);
  std::optional<Job> TakeNext();  // waits; nothing once the queue stops
  void Settle(const Job& job, Verdict verdict);

  // With mutex_ held.
  void MakeDue(const Job& job, std::chrono::milliseconds delay);
  int WaitingLocked() const;

  const base::PipelineConfig config_;
  const Backoff backoff_;
  storage::JobRepository& jobs_;
  JobHandler handler_;
  GiveUpHandler give_up_;
  std::stop_source stop_handlers_;
  std::vector<std::thread> workers_;
  std::mutex stop_mutex_;  // one Stop at a time

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Key, Entry> entries_;
  std::multimap<TimePoint, Job> due_;  // equal times in the order of arrival
  int running_ = 0;
  bool started_ = false;
  bool stopping_ = false;
};

}  // namespace speechcoach::queue
