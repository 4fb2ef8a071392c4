// Queues in Redis as kombu keeps them, with steps that lose nothing: what a worker takes is in `unacked` in the same step.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "queue/celery/message.h"
#include "redis/client.h"

namespace speechcoach::queue::celery {

struct Delivery {
  std::string tag;
  std::string queue_key;
  std::string payload;
};

// What is stored with the end of a task.
struct StoredResult {
  std::string key;
  std::string meta;  // JSON; empty: nothing is stored
  int expires_s = 0;
};

// Thread-safe. Errors: as redis::Client.
class Broker {
 public:
  explicit Broker(redis::Client& client) : client_(client) {}

  // Makes the queue known to Celery's workers and clients: a direct exchange of the same name.
  base::Status Declare(const std::string& queue);
  static redis::Command SendCommand(const TaskMessage& message, const std::string& queue);
  base::Status Send(const TaskMessage& message, const std::string& queue);

  // Up to `wanted` messages from the first of the lists that have any, noted under `worker` in the same step. What is no
  // message at all goes to the dead letters. On a connection of the caller's.
  static base::Result<std::vector<Delivery>> Fetch(redis::Connection& connection, const std::string& worker,
                                                   const std::vector<std::string>& queue_keys, int wanted);

  // One step: the message is done, its result is stored and told, and, where this worker still held it, `then` is run.
  // A result SUCCESS is never overwritten. True where the message was still held.
  base::Result<bool> Finish(const std::string& worker, const std::string& tag, const StoredResult& result,
                            const std::vector<redis::Command>& then);

  // Back to the front of its queue. `lost`: counted as a delivery that nobody finished. False where nobody holds it any more.
  base::Result<bool> Restore(const std::string& worker, const std::string& tag, bool lost);

  // `worker` counts as alive for so long; what it holds (all of `tags`) does not pass for forgotten.
  base::Status StayAlive(const std::string& worker, std::chrono::seconds alive_for, const std::vector<std::string>& tags);
  base::Result<std::vector<std::string>> Held(const std::string& worker);
  // Restores what dead workers held, and what anyone has held for longer than the visibility timeout. How many it were.
  base::Result<int> RestoreLost(std::chrono::seconds visibility_timeout);
  // The worker is gone and holds nothing.
  base::Status Leave(const std::string& worker);

 private:
  base::Result<std::string> QueueFor(const std::string& exchange, const std::string& routing_key);

  redis::Client& client_;
};

}  // namespace speechcoach::queue::celery
