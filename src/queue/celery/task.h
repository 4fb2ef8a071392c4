// What a worker can do: tasks by name, and what came of one run.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

#include <boost/json.hpp>

#include "queue/celery/message.h"

namespace speechcoach::queue::celery {

struct Success {
  boost::json::value result;
};
// Again after `countdown`, or after a pause that doubles with each try; once the tries are used up it is a failure.
struct Retry {
  std::string reason;
  std::optional<std::chrono::milliseconds> countdown;
  bool is_counted = true;  // false: what it needs is away, which uses up no try for an hour
};
// For good. As Python would see it: the exception's class, module and arguments.
struct Failure {
  std::string type = "RuntimeError";
  std::string message;
  std::string module = "builtins";
};
// The worker stops, and the work is not done: the message goes back to its queue.
struct Interrupted {};

using Outcome = std::variant<Success, Retry, Failure, Interrupted>;

struct TaskContext {
  const TaskMessage& message;
  std::stop_token stop;  // requested at the soft time limit, when revoked with `terminate`, and when the worker must end now
};

struct TaskOptions {
  int max_retries = 3;
  int max_deliveries = 3;  // a message that was given so often to workers that died with it is not tried again
  std::chrono::milliseconds first_pause{1'000};
  std::chrono::milliseconds longest_pause{600'000};
  std::optional<double> soft_limit_s = {};  // a message's own limits come first
  std::optional<double> hard_limit_s = {};
  double rate_per_s = 0;  // starts a second in one worker; 0: as many as come
  // Called once the task has failed for good, before its message is given up. False: that cannot be noted now; the task comes again after a
  // pause, and fails again unless it can be done by then.
  std::function<bool(const TaskMessage&, const Failure&)> on_failure = {};
};

// May run again after a crash, so it looks first at what is done; one that throws is tried again.
using TaskHandler = std::function<Outcome(const TaskContext&)>;

struct Task {
  TaskHandler handler;
  TaskOptions options = {};
};
using Registry = std::map<std::string, Task>;

}  // namespace speechcoach::queue::celery
