// A session's events for all processes that share a Redis server.
#pragma once

#include <memory>

#include "base/clock.h"
#include "pipeline/session_events.h"
#include "redis/client.h"

namespace speechcoach::pipeline {

// Kept events lie in a stream a session, for a day after the last; a channel only says that there is more, so a message that is
// lost is no event lost. The others go over the channel itself. Handlers are called on the thread that subscribes and on one of
// the bus's own. An event that cannot be written is logged and dropped: what matters is in the database. `client` and `clock`
// outlive it.
std::unique_ptr<SessionEvents> MakeRedisEvents(redis::Client& client, const base::Clock& clock);

}  // namespace speechcoach::pipeline
