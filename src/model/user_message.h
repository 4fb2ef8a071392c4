// What a learner reads when something went wrong: what happened, and what to do about it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "model/session.h"

namespace speechcoach::model {

// The recordings this program takes, as its messages name them: 60 s and 10 MB where nobody says otherwise. Once, at start, before another
// thread asks for a message.
void SetRecordingLimits(double max_seconds, std::int64_t max_bytes);

// Never empty. `field`: kBadField: which one, as the interfaces name it. The text holds no technical detail; log base::Error::message for that.
std::string_view UserMessage(base::ErrorCode code, Locale locale, std::string_view field = {});

}  // namespace speechcoach::model
