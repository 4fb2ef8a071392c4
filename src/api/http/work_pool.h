// Threads for what may block: requests' database work, decoding, waiting for the disk.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace speechcoach::api {

// Thread-safe.
class WorkPool {
 public:
  // At most `max_waiting` tasks wait for one of the `threads`.
  WorkPool(int threads, std::size_t max_waiting);
  ~WorkPool() { Stop(); }

  // False where too much waits already, or after Stop; the task is then not run.
  bool Submit(std::function<void()> task) { return Add(std::move(task), false); }

  // For work that must not be lost and that is bounded elsewhere, such as one clean-up a connection. False only after Stop.
  bool SubmitAlways(std::function<void()> task) { return Add(std::move(task), true); }

  // Runs what waits, joins. Idempotent.
  void Stop();

 private:
  bool Add(std::function<void()> task, bool always);
  void Run();

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace speechcoach::api
