// When something that recurs is due: "every 30s", "every 5m", "every 1h", "every 7d", "daily 03:30" (UTC), "off".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace speechcoach::base {

// Times are counted from the epoch, not from the start of a process: every process finds the same ones.
class Recurrence {
 public:
  Recurrence() = default;  // "off"
  // Errors: kBadConfig; the message says what is wrong with the text.
  static Result<Recurrence> Parse(std::string_view text);

  // The last time at or before `now_ms` at which it was due; absent where it never is.
  std::optional<std::int64_t> LastDue(std::int64_t now_ms) const;

 private:
  Recurrence(std::int64_t period_ms, std::int64_t offset_ms) : period_ms_(period_ms), offset_ms_(offset_ms) {}

  std::int64_t period_ms_ = 0;  // 0: never
  std::int64_t offset_ms_ = 0;  // of the first time after the epoch, less than the period
};

}  // namespace speechcoach::base
