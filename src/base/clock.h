// Time, as something a test can hold still.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace speechcoach::base {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t NowMs() const = 0;  // UTC, milliseconds since the epoch
};

class SystemClock final : public Clock {
 public:
  std::int64_t NowMs() const override;
};

// Stands still until told to move.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t now_ms) : now_ms_(now_ms) {}
  std::int64_t NowMs() const override { return now_ms_; }
  void Advance(std::chrono::milliseconds by) { now_ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_ms_;
};

// "2026-11-22T16:30:00.125Z" (RFC 3339, UTC).
std::string FormatRfc3339(std::int64_t epoch_ms);

// Measures a span on the monotonic clock.
class Stopwatch {
 public:
  int ElapsedMs() const {
    return static_cast<int>(
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_).count());
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace speechcoach::base
