// Events of a session <-> JSON, for processes that share them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "pipeline/session_events.h"

namespace speechcoach::pipeline {

std::string WriteEvent(const EventPayload& payload, std::int64_t at_ms);
// Without session and number, which the caller knows. Errors: kInternal (not what WriteEvent makes).
base::Result<SessionEvent> ReadEvent(std::string_view text);

}  // namespace speechcoach::pipeline
