// What is done from time to time, and when it was done last. Every call blocks and is thread-safe; any number of processes share the
// table. Errors everywhere: kStorageUnavailable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace speechcoach::storage {

// The last run of a job. Times are milliseconds since the epoch, UTC.
struct ScheduledRun {
  std::string job = {};
  std::int64_t due_at_ms = 0;  // the time of the schedule that it is for
  std::int64_t fence = 0;
  int attempts = 0;  // to do what was due then
  std::int64_t began_at_ms = 0;
  std::optional<std::int64_t> ended_at_ms = {};  // absent: it runs, or its process has died
  bool succeeded = false;
  std::int64_t last_duration_ms = 0;  // of the last that has ended
  std::optional<std::int64_t> last_success_at_ms = {};
  std::int64_t runs = 0;  // that have ended, of all times
  std::int64_t failures = 0;
};

// What somebody asks to run.
struct RunClaim {
  std::string job = {};
  std::int64_t due_at_ms = 0;
  std::int64_t fence = 0;  // of the leader that asked; 0: nobody did who can be replaced
  std::int64_t now_ms = 0;
  std::int64_t longest_ms = 0;  // a run that began longer ago and has not succeeded is taken for dead, or for worth another try
  int max_attempts = 3;
};

// The clocks of an installation agree but for so much. A run that is for a later time was begun by a clock that was ahead, and binds nobody.
inline constexpr std::int64_t kClockSkewMs = 60'000;

enum class RunEnd { kSucceeded, kFailed, kInterrupted };

class ScheduleRepository {
 public:
  virtual ~ScheduleRepository() = default;

  virtual base::Result<std::vector<ScheduledRun>> Runs() = 0;  // by name

  // True where the run is the caller's: what is due was not begun yet, or not for longer than `longest_ms` and fewer than `max_attempts`
  // times, or what stands there is from the future; no other run of the job is under way; no later leader has had one begun. One step: of many
  // callers one begins.
  virtual base::Result<bool> Begin(const RunClaim& claim) = 0;

  // `claim` is what was begun. One that was interrupted may be begun again at once. A run that another has replaced changes nothing.
  virtual base::Status End(const RunClaim& claim, std::int64_t now_ms, RunEnd end) = 0;
};

}  // namespace speechcoach::storage
