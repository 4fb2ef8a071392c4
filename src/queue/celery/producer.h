// Sends tasks to whoever works on their queues: this program's workers or Python's.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "base/result.h"
#include "queue/celery/broker.h"
#include "queue/celery/canvas.h"
#include "redis/client.h"

namespace speechcoach::queue::celery {

// Thread-safe. The client outlives it. Errors: as redis::Client.
class Producer {
 public:
  explicit Producer(redis::Client& client, Route route = {});

  // Durable once it answers: the task's id. One is made where `message` has none.
  base::Result<std::string> Send(TaskMessage message, const std::string& queue);
  // A signature with all that belongs to it, as one step: the id whose result is the whole's.
  base::Result<std::string> Apply(const boost::json::value& signature);

 private:
  base::Status DeclareOnce(const std::string& queue);

  redis::Client& client_;
  const Route route_;
  Broker broker_;
  std::mutex mutex_;
  std::set<std::string> declared_;
};

// "gen4711@host": who sent a task.
std::string OriginName();
// Tasks go to the queue "celery".
Route DefaultRoute();

}  // namespace speechcoach::queue::celery
