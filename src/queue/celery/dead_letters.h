// Tasks that failed for good, kept until somebody looks at them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "queue/celery/message.h"
#include "redis/client.h"

namespace speechcoach::queue::celery {

struct DeadLetter {
  std::string id = {};
  std::string task = {};  // empty: no message that could be read
  std::string queue = {};
  std::string reason = {};
  double died_at_s = 0;      // UTC, since the epoch
  std::string message = {};  // as it lay in the queue
};

// The commands that bury a message, for Broker::Finish.
std::vector<redis::Command> BuryCommands(const DeadLetter& letter);

// Thread-safe. Errors: as redis::Client; kNotFound.
class DeadLetters {
 public:
  explicit DeadLetters(redis::Client& client) : client_(client) {}

  base::Result<std::vector<DeadLetter>> List(int limit);  // newest first
  base::Result<DeadLetter> Get(const std::string& id);
  // Back into its queue, with its tries counted afresh. kBadJson where it cannot be read.
  base::Status Replay(const std::string& id);
  base::Status Remove(const std::string& id);
  base::Status Trim();  // the newest 10,000 stay

 private:
  redis::Client& client_;
};

}  // namespace speechcoach::queue::celery
