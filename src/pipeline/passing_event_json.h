// Events that are not kept, on their way to another process.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pipeline/session_events.h"

namespace speechcoach::pipeline {

// Of a progress, a partial transcript, or feedback under way.
std::string WritePassing(const EventPayload& payload, std::int64_t at_ms);
// Number 0, no session. Errors: kInternal (not what WritePassing makes).
base::Result<SessionEvent> ReadPassing(std::string_view text);

}  // namespace speechcoach::pipeline
