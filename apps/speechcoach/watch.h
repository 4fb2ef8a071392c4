// What the parts tell of themselves to those who watch over the process.
#pragma once

#include <functional>

#include "base/config.h"
#include "base/result.h"
#include "parts.h"

namespace speechcoach::app {

// Lets `parts.metrics` read what the other parts know.
void WatchParts(const base::Config& config, SharedParts& parts);

// Whether the parts behind the process can be reached. `parts` outlives the answer.
std::function<base::Status()> Readiness(SharedParts& parts);
// The same of a process that lives on the broker: it too must answer.
std::function<base::Status()> WorkReadiness(SharedParts& parts);

}  // namespace speechcoach::app
