#include "schedule/beat.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "base/log.h"

namespace speechcoach::schedule {
namespace {

enum class Standing { kDue, kUnderWay, kSettled };

// `last` is null where the job was never run. What a clock that was ahead had run does not count: the job would stand still until then.
Standing StandingOf(const Job& job, const storage::ScheduledRun* last, std::int64_t due_at_ms, std::int64_t now_ms) {
  if (last == nullptr || last->due_at_ms > now_ms + storage::kClockSkewMs) return Standing::kDue;
  if (last->due_at_ms > due_at_ms) return Standing::kSettled;
  const bool is_dead = last->began_at_ms + job.longest.count() <= now_ms;
  if (last->due_at_ms < due_at_ms) return last->ended_at_ms || is_dead ? Standing::kDue : Standing::kUnderWay;
  if (last->succeeded || (last->attempts >= kMaxAttempts && (last->ended_at_ms || is_dead))) return Standing::kSettled;
  return is_dead ? Standing::kDue : Standing::kUnderWay;
}

}  // namespace

base::Status Beat::Look() {
  const auto fence = leadership_.Hold();
  if (!fence.ok()) {
    is_leader_ = false;
    return fence.error();
  }
  if (is_leader_ != fence->has_value()) {
    is_leader_ = fence->has_value();
    asked_.clear();
    base::Log(base::LogLevel::kInfo, is_leader_ ? "keeps the schedule" : "another keeps the schedule");
  }
  if (!*fence) return {};

  const std::int64_t now_ms = clock_.NowMs();
  std::optional<std::vector<storage::ScheduledRun>> runs;
  for (const Job& job : jobs_) {
    const auto due_at_ms = job.when.LastDue(now_ms);
    if (!due_at_ms) continue;
    Asked& asked = asked_[job.name];
    const bool is_new = asked.due_at_ms != *due_at_ms;
    if (!is_new && (asked.is_settled || now_ms - asked.at_ms < kAskAgain.count())) continue;
    if (!runs) {
      auto read = runs_.Runs();
      if (!read.ok()) return read.error();
      runs = std::move(*read);
    }
    const auto last = std::ranges::find(*runs, job.name, &storage::ScheduledRun::job);
    const Standing standing = StandingOf(job, last == runs->end() ? nullptr : &*last, *due_at_ms, now_ms);
    if (standing == Standing::kUnderWay) continue;
    if (standing == Standing::kDue) {
      if (const base::Status sent = dispatch_({job.name, *due_at_ms, **fence}); !sent.ok()) return sent;
    }
    asked = {*due_at_ms, now_ms, standing == Standing::kSettled};
  }
  return {};
}

void Beat::Run(const std::stop_token& stop, std::chrono::milliseconds pause) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  bool was_well = true;
  while (!stop.stop_requested()) {
    const base::Status looked = Look();
    if (!looked.ok() && was_well) base::Log(base::LogLevel::kWarning, "schedule not kept", {{"reason", looked.error().message}});
    was_well = looked.ok();
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, pause, [] { return false; });
  }
  is_leader_ = false;
  leadership_.GiveUp();
}

}  // namespace speechcoach::schedule
