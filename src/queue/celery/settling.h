// What follows from the end of one run of a task: its result, what is sent next, its event.
#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

#include "base/result.h"
#include "queue/celery/broker.h"
#include "queue/celery/canvas.h"
#include "queue/celery/message.h"
#include "queue/celery/task.h"
#include "redis/client.h"

namespace speechcoach::queue::celery {

struct Settlement {
  StoredResult result;
  std::vector<redis::Command> then;
  std::string event;  // "task-succeeded"
  boost::json::object event_fields;
};

// Thread-safe. Errors: as redis::Client, for the parts of a chord, which are counted in Redis before the task is done.
class Settler {
 public:
  Settler(redis::Client& client, Route route, std::string origin, int result_expires_s)
      : client_(client), route_(std::move(route)), origin_(std::move(origin)), result_expires_s_(result_expires_s) {}

  base::Result<Settlement> Succeeded(const TaskMessage& message, const boost::json::value& result, double runtime_s) const;
  // The same task again at `eta_ms`; `is_counted`: as another try.
  Settlement Retried(const TaskMessage& message, const std::string& queue, const std::string& reason, std::int64_t eta_ms,
                     bool is_counted) const;
  // For good; `payload` goes to the dead letters, empty: it does not.
  base::Result<Settlement> Failed(const TaskMessage& message, const std::string& queue, const Failure& failure,
                                  const std::string& payload) const;
  Settlement Revoked(const TaskMessage& message, bool is_terminated, bool is_expired) const;

 private:
  StoredResult Stored(const TaskMessage& message, std::string_view status, boost::json::value result) const;
  base::Status CountChordPart(const TaskMessage& message, std::string_view status, const boost::json::value& result,
                              std::vector<redis::Command>& then) const;
  void FailOthers(const boost::json::value& signature, const Failure& failure, std::vector<redis::Command>& then) const;
  void Call(const boost::json::value& signatures, const boost::json::array& prefix, const TaskMessage& message,
            std::vector<redis::Command>& then) const;

  redis::Client& client_;
  const Route route_;
  const std::string origin_;
  const int result_expires_s_;
};

}  // namespace speechcoach::queue::celery
