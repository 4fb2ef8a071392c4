// What a finished session adds to its learner's progress.
#pragma once

#include <optional>
#include <string>

#include "model/progress.h"
#include "model/session.h"

namespace speechcoach::analytics {

// Nothing for a session without an analysis. `time_zone` is the learner's (IANA).
std::optional<model::Contribution> ContributionOf(const model::Session& session, const std::string& time_zone);

}  // namespace speechcoach::analytics
