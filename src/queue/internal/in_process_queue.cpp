#include "queue/internal/in_process_queue.h"

#include <exception>

#include "base/log.h"
#include "trace/span.h"

namespace speechcoach::queue {
namespace {

void LogFault(std::string_view event, const Job& job, std::string_view reason) {
  base::Log(base::LogLevel::kError, event,
            {{"kind", job.kind}, {"session", job.session_id}, {"attempt", job.attempt}, {"reason", reason}});
}

void Report(std::string_view event, const Job& job, const base::Status& outcome) {
  if (!outcome.ok()) LogFault(event, job, outcome.error().message);
}

}  // namespace

InProcessQueue::InProcessQueue(const base::PipelineConfig& config, const Backoff& backoff, storage::JobRepository& jobs)
    : config_(config), backoff_(backoff), jobs_(jobs) {}

InProcessQueue::~InProcessQueue() { Stop(std::chrono::milliseconds(0)); }

base::Status InProcessQueue::Enqueue(const Job& job) {
  const Key key = KeyOf(job);
  {
    std::unique_lock lock(mutex_);
    // While its row is being written or deleted nobody can say whether the job is durable.
    changed_.wait(lock, [&] {
      const auto entry = entries_.find(key);
      return entry == entries_.end() || entry->second.state == State::kWaiting || entry->second.state == State::kRunning;
    });
    if (stopping_) return {base::ErrorCode::kBusy, "the queue is stopped"};
    if (const auto entry = entries_.find(key); entry != entries_.end()) {
      if (entry->second.state == State::kRunning) entry->second.enqueued_again = true;
      return {};
    }
    if (WaitingLocked() >= config_.max_queued) return {base::ErrorCode::kBusy, "too many jobs wait"};
    entries_[key] = {};
  }
  const base::Status added = jobs_.Add(job);
  {
    const std::lock_guard lock(mutex_);
    if (added.ok()) {
      entries_[key].trace = base::CurrentTrace();
      MakeDue(job, std::chrono::milliseconds(0));
    } else {
      entries_.erase(key);
    }
  }
  changed_.notify_all();
  return added;
}

base::Status InProcessQueue::Start(JobHandler handler, GiveUpHandler give_up) {
  const std::lock_guard one_at_a_time(stop_mutex_);
  const base::Result<std::vector<Job>> pending = jobs_.Pending();
  if (!pending.ok()) return pending.error();
  const std::lock_guard lock(mutex_);
  if (started_ || stopping_) return {base::ErrorCode::kWrongState, "the queue was started before"};
  started_ = true;
  for (const Job& job : *pending) {
    if (!entries_.contains(KeyOf(job))) MakeDue(job, std::chrono::milliseconds(0));
  }
  handler_ = std::move(handler);
  give_up_ = std::move(give_up);
  for (int i = 0; i < config_.workers; ++i) workers_.emplace_back([this] { Work(); });
  return {};
}

void InProcessQueue::Stop(std::chrono::milliseconds grace) {
  const std::lock_guard one_at_a_time(stop_mutex_);
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, grace, [this] { return running_ == 0; });
  }
  stop_handlers_.request_stop();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

int InProcessQueue::Waiting() const {
  const std::lock_guard lock(mutex_);
  return WaitingLocked();
}

std::vector<std::string> InProcessQueue::InOrder() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> sessions;
  sessions.reserve(due_.size());
  for (const auto& [due, job] : due_) sessions.push_back(job.session_id);
  return sessions;
}

void InProcessQueue::Work() {
  while (const std::optional<Job> job = TakeNext()) Settle(*job, RunJob(*job));
}

std::optional<Job> InProcessQueue::TakeNext() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (due_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = due_.begin();
    if (const TimePoint at = first->first; at > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, at);
      continue;
    }
    Job job = std::move(first->second);
    due_.erase(first);
    entries_[KeyOf(job)].state = State::kRunning;
    ++running_;
    return job;
  }
  return std::nullopt;
}

// Counts the attempt before it is made, so that a job that takes the process down with it is not tried for ever.
InProcessQueue::Verdict InProcessQueue::RunJob(Job job) {
  const base::Result<int> attempt = jobs_.CountAttempt(job);
  if (!attempt.ok()) {
    if (attempt.error().code == base::ErrorCode::kNotFound) return Verdict::kForget;  // deleted together with its session
    Report("job not started", job, attempt.error());
    return Verdict::kRetry;
  }
  job.attempt = *attempt;
  trace::ActiveSpan span("process " + job.kind, trace::SpanKind::kConsumer, TraceOf(job));
  span->Set("messaging.system", "in_process");
  span->Set("speechcoach.attempt", job.attempt);
  if (job.attempt <= config_.max_attempts) {
    if (CallHandler(job) == JobOutcome::kDone) return Verdict::kRemove;
    if (stop_handlers_.stop_requested()) return Verdict::kRestart;  // cut short, which is not the job's fault
    if (job.attempt < config_.max_attempts) return Verdict::kRetry;
  }
  LogFault("job given up", job, "tried too often");
  return CallGiveUp(job) ? Verdict::kRemove : Verdict::kRetry;
}

base::TraceContext InProcessQueue::TraceOf(const Job& job) {
  const std::lock_guard lock(mutex_);
  return entries_.at(KeyOf(job)).trace;
}

JobOutcome InProcessQueue::CallHandler(const Job& job) {
  try {
    return handler_(job, stop_handlers_.get_token());
  } catch (const std::exception& fault) {
    LogFault("job handler threw", job, fault.what());
  } catch (...) {
    LogFault("job handler threw", job, "not a std::exception");
  }
  return JobOutcome::kRetry;
}

bool InProcessQueue::CallGiveUp(const Job& job) {
  try {
    return give_up_(job) == JobOutcome::kDone;
  } catch (const std::exception& fault) {
    LogFault("giving up a job threw", job, fault.what());
  } catch (...) {
    LogFault("giving up a job threw", job, "not a std::exception");
  }
  return false;
}

void InProcessQueue::Settle(const Job& job, Verdict verdict) {
  const Key key = KeyOf(job);
  std::unique_lock lock(mutex_);
  Entry& entry = entries_.at(key);
  if (verdict == Verdict::kRemove && entry.enqueued_again) verdict = Verdict::kRestart;
  switch (verdict) {
    case Verdict::kRetry:
      MakeDue(job, backoff_.Before(++entry.retries));
      break;
    case Verdict::kRestart:
      lock.unlock();
      Report("attempts not forgotten", job, jobs_.ForgetAttempts(job));
      lock.lock();
      entry.retries = 0;
      MakeDue(job, std::chrono::milliseconds(0));
      break;
    case Verdict::kRemove:
      entry.state = State::kRemoving;
      lock.unlock();
      // Where that fails, the next start of the program runs the job once more and its handler sees that it is done.
      Report("job not removed", job, jobs_.Remove(job));
      lock.lock();
      entries_.erase(key);
      break;
    case Verdict::kForget:
      entries_.erase(key);
      break;
  }
  --running_;
  lock.unlock();
  changed_.notify_all();
}

void InProcessQueue::MakeDue(const Job& job, std::chrono::milliseconds delay) {
  Entry& entry = entries_[KeyOf(job)];
  entry.state = State::kWaiting;
  entry.enqueued_again = false;
  due_.emplace(std::chrono::steady_clock::now() + delay, job);
}

int InProcessQueue::WaitingLocked() const {
  // Those that run or are being removed are with a worker.
  return static_cast<int>(entries_.size()) - running_;
}

std::unique_ptr<JobQueue> MakeInProcessQueue(const base::PipelineConfig& config, storage::JobRepository& jobs) {
  return std::make_unique<InProcessQueue>(config, Backoff{}, jobs);
}

}  // namespace speechcoach::queue
