// Where live recordings are listened to: beside the sockets, and after everything that somebody waits for.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace speechcoach::pipeline {

// One thread of low priority that runs tasks in their order. Thread-safe. Those that wait are dropped when it is destroyed.
class ListeningThread {
 public:
  ListeningThread();

  void Run(std::function<void()> task);

 private:
  void Work(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> tasks_;
  std::jthread thread_;
};

}  // namespace speechcoach::pipeline
