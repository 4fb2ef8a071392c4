// Who of several processes keeps the schedule.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/result.h"
#include "redis/client.h"

namespace speechcoach::schedule {

// One thread at a time.
class Leadership {
 public:
  virtual ~Leadership() = default;

  // Takes the lead where nobody has it, or keeps it. The leader's fencing token, which grows with each change of leader; absent where
  // another leads. Errors: as redis::Client; then nobody is known to lead.
  virtual base::Result<std::optional<std::int64_t>> Hold() = 0;

  // Lets another take the lead at once.
  virtual void GiveUp() = 0;
};

// A lock in Redis that runs out `ttl` after its holder last called Hold(): who was killed, or paused for longer, has lost the lead. `client`
// outlives it.
std::unique_ptr<Leadership> MakeRedisLeadership(redis::Client& client, std::chrono::milliseconds ttl);

// Of a process that has no others beside it: it always leads, with the token 0.
std::unique_ptr<Leadership> MakeSoleLeadership();

}  // namespace speechcoach::schedule
