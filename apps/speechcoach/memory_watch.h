// Ends a worker in order when it has come to take too much memory, so that a fresh one takes its place.
#pragma once

#include <functional>
#include <thread>

namespace speechcoach::app {

class MemoryWatch {
 public:
  // Looks once a second; beyond `limit_mb` MiB of resident memory `on_exceeded` is called, once, on its thread. 0: watches nothing.
  MemoryWatch(int limit_mb, std::function<void()> on_exceeded);

  // What the process takes now, in MiB; 0 where the system does not say.
  static int ResidentMb();

 private:
  std::jthread thread_;
};

// The program anew, with the same arguments and the same process number: what was running has ended before. Returns only where the system
// refuses.
void StartAnew();

}  // namespace speechcoach::app
