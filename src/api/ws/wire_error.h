// The error codes of the WebSocket are a closed set; this is where everything else finds its place in it.
#pragma once

#include "base/result.h"

namespace speechcoach::api {

base::ErrorCode WireCode(base::ErrorCode code);

// How long a client should wait before it tries again; 0 where waiting does not help or any time will do.
int RetryAfterMs(base::ErrorCode wire_code);

}  // namespace speechcoach::api
