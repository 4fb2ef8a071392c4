// What an installation does from time to time.
#pragma once

#include <vector>

#include "base/config.h"
#include "parts.h"
#include "schedule/job.h"

namespace speechcoach::app {

// `parts` outlives them.
std::vector<schedule::Job> MakeJobs(const base::Config& config, SharedParts& parts);

}  // namespace speechcoach::app
