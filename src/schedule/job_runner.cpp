#include "schedule/job_runner.h"

#include <algorithm>
#include <exception>

#include "base/log.h"

namespace speechcoach::schedule {
namespace {

base::Status RunGuarded(const Job& job, const std::stop_token& stop) {
  try {
    return job.run(stop);
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kInternal, fault.what()};
  }
}

}  // namespace

base::Result<bool> JobRunner::Run(const Call& call, const std::stop_token& stop) const {
  const auto job = std::ranges::find(jobs_, call.job, &Job::name);
  if (job == jobs_.end()) return {base::ErrorCode::kNotFound, "no such job: " + call.job};
  const std::int64_t began_at_ms = clock_.NowMs();
  const storage::RunClaim claim{.job = call.job,
                                .due_at_ms = call.due_at_ms.value_or(began_at_ms),
                                .fence = call.fence,
                                .now_ms = began_at_ms,
                                .longest_ms = job->longest.count(),
                                .max_attempts = kMaxAttempts};
  const auto begun = runs_.Begin(claim);
  if (!begun.ok()) return begun.error();
  if (!*begun) return false;

  const base::Status done = RunGuarded(*job, stop);
  const bool was_interrupted = !done.ok() && done.error().code == base::ErrorCode::kCancelled;
  const auto end = done.ok()         ? storage::RunEnd::kSucceeded
                   : was_interrupted ? storage::RunEnd::kInterrupted
                                     : storage::RunEnd::kFailed;
  const std::int64_t ended_at_ms = clock_.NowMs();
  if (done.ok()) {
    base::Log(base::LogLevel::kInfo, "job done",
              {{"job", call.job}, {"due", base::FormatRfc3339(claim.due_at_ms)}, {"ms", ended_at_ms - began_at_ms}});
  } else {
    base::Log(base::LogLevel::kWarning, was_interrupted ? "job interrupted" : "job failed",
              {{"job", call.job}, {"reason", done.error().message}});
  }
  // Where this cannot be written, the run passes for dead and is repeated: jobs bear that.
  if (const base::Status ended = runs_.End(claim, ended_at_ms, end); !ended.ok()) return ended.error();
  if (!done.ok()) return done.error();
  return true;
}

}  // namespace speechcoach::schedule
