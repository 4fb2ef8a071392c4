// A worker's events, for Flower and whoever else listens on Celery's exchange `celeryev`.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "queue/celery/lamport_clock.h"
#include "redis/client.h"

namespace speechcoach::queue::celery {

// Thread-safe. Events are told and forgotten: one that cannot be published is dropped.
class Events {
 public:
  Events(redis::Client& client, std::string hostname, LamportClock& clock, bool with_tasks);

  // "worker-heartbeat", at once.
  void SendWorker(std::string_view type, boost::json::object fields);
  // "task-received": kept until there are enough of them, or until Flush; nothing where nobody asked for tasks' events.
  void SendTask(std::string_view type, boost::json::object fields);
  void Flush();

  // True where this changes something.
  bool EnableTasks(bool enabled) { return with_tasks_.exchange(enabled) != enabled; }
  bool with_tasks() const { return with_tasks_; }

 private:
  void Fill(std::string_view type, boost::json::object& fields);
  void Publish(const std::string& routing_key, boost::json::value body);

  redis::Client& client_;
  const std::string hostname_;
  LamportClock& clock_;
  std::atomic<bool> with_tasks_;
  std::mutex mutex_;
  boost::json::array waiting_;
};

}  // namespace speechcoach::queue::celery
