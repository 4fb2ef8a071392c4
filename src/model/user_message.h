// What a learner reads when something went wrong: what happened, and what to do about it.
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/session.h"

namespace speechcoach::model {

// Never empty. The text holds no technical detail; log base::Error::message for that.
std::string_view UserMessage(base::ErrorCode code, Locale locale);

}  // namespace speechcoach::model
