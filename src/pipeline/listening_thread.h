// Where live recordings are listened to: beside the sockets, and after everything that somebody waits for.
#pragma once

#include <functional>

#include "base/task_threads.h"

namespace speechcoach::pipeline {

// One thread of low priority that runs tasks in their order. Thread-safe. Those that wait are dropped when it is destroyed.
class ListeningThread {
 public:
  ListeningThread();

  void Run(std::function<void()> task);

 private:
  base::TaskThreads thread_{1};
};

}  // namespace speechcoach::pipeline
