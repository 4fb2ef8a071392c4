// How long the model itself works, so that a benchmark can tell what the rest costs.
#pragma once

#include <chrono>

namespace speechcoach::stt {

// Seconds that the calling thread has spent in the model since it began.
inline double& InferenceSeconds() {
  thread_local double seconds = 0.0;
  return seconds;
}

// Counts the time while it lives.
class InferenceClock {
 public:
  InferenceClock() = default;
  InferenceClock(const InferenceClock&) = delete;
  InferenceClock& operator=(const InferenceClock&) = delete;
  ~InferenceClock() { InferenceSeconds() += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace speechcoach::stt
