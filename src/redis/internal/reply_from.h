// hiredis's answers -> ours.
#pragma once

#include <hiredis/hiredis.h>

#include "redis/reply.h"

namespace speechcoach::redis {

Reply ReplyFrom(const redisReply& reply);

}  // namespace speechcoach::redis
