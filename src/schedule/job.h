// Something that is done from time to time.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/recurrence.h"
#include "base/result.h"

namespace speechcoach::schedule {

struct Job {
  std::string name = {};  // snake_case; as a task it is "speechcoach.beat.NAME"
  base::Recurrence when = {};
  // A run that takes longer is taken for dead, and what it had to do is done again.
  std::chrono::milliseconds longest = {};
  // May run on any thread, again after a crash, and, where it took longer than `longest`, beside itself. Ends soon once `stop` is requested, then
  // with kCancelled if it is not done.
  std::function<base::Status(const std::stop_token& stop)> run = {};
};

}  // namespace speechcoach::schedule
