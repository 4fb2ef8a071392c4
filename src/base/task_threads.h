// A few threads for what waits for others.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace speechcoach::base {

// Runs tasks as they come, as many at once as there are threads. Thread-safe. Destroyed, it waits for those under way and drops those
// that wait.
class TaskThreads {
 public:
  explicit TaskThreads(int threads);

  void Run(std::function<void()> task);

 private:
  void Work(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::jthread> threads_;
};

}  // namespace speechcoach::base
