// How long to wait before trying again.
#pragma once

#include <chrono>

namespace speechcoach::queue {

// first, 2 x first, 4 x first, ... up to longest.
struct Backoff {
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds longest{30'000};

  // Before the retry with that number: 1, 2, 3, ...
  std::chrono::milliseconds Before(int retry) const;
};

}  // namespace speechcoach::queue
