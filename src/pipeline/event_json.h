// Kept events as the log holds them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "pipeline/session_events.h"

namespace speechcoach::pipeline {

std::string ToLogText(const EventPayload& payload);
base::Result<EventPayload> FromLogText(std::string_view text);  // kInternal where it is none, or of a kind that is not kept

}  // namespace speechcoach::pipeline
