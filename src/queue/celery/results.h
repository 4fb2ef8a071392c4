// Results as Celery's Redis backend keeps them.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "base/result.h"
#include "queue/celery/message.h"
#include "queue/celery/task.h"
#include "redis/client.h"

namespace speechcoach::queue::celery {

struct TaskResult {
  std::string status;         // SUCCESS, FAILURE, RETRY, REVOKED, STARTED, PENDING
  boost::json::value result;  // of a failure {exc_type, exc_message, exc_module}
  boost::json::value children;
};

// What is stored under ResultKey(id).
std::string ResultMeta(const TaskMessage& message, std::string_view status, boost::json::value result);
boost::json::object ExceptionValue(const Failure& failure);

// Waits for a result that is not PENDING, STARTED or RETRY. Absent where none came in time.
base::Result<std::optional<TaskResult>> WaitForResult(const redis::Options& options, const std::string& task_id,
                                                      std::chrono::milliseconds timeout);

}  // namespace speechcoach::queue::celery
