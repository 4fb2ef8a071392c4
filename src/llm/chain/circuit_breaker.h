// Leaves a provider alone that keeps failing (M. Nygard, "Release It!", 2007).
#pragma once

#include <chrono>
#include <mutex>

namespace speechcoach::llm {

// closed: calls go through. open, after `threshold` failures in a row: none do. After `open_for` one probe is let through
// (half-open): it closes the circuit or opens it again. Thread-safe.
class CircuitBreaker {
 public:
  using Clock = std::chrono::steady_clock;
  enum class State { kClosed, kOpen, kHalfOpen };

  explicit CircuitBreaker(std::chrono::milliseconds open_for) : open_for_(open_for) {}

  State state() const;
  // What came of a call. Of calls that began before the circuit opened, a failure changes nothing more and a success
  // does not close it: the probe does.
  void Succeeded();
  bool Failed(int threshold, Clock::time_point now);  // true where this failure opened it

  // True, once, where the circuit has been open long enough: the caller makes the probe and says what came of it.
  bool BeginProbe(Clock::time_point now);
  void EndProbe(bool succeeded, Clock::time_point now);

 private:
  const std::chrono::milliseconds open_for_;
  mutable std::mutex mutex_;
  State state_ = State::kClosed;
  int failures_ = 0;
  Clock::time_point opened_at_{};
};

}  // namespace speechcoach::llm
