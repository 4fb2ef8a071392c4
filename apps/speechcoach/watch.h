// What the parts tell of themselves to those who watch over the process.
#pragma once

#include <functional>

#include "base/config.h"
#include "base/result.h"
#include "parts.h"

namespace speechcoach::app {

// Lets `world.metrics` read what its other parts know.
void WatchWorld(const base::Config& config, ServiceWorld& world);

// Whether the parts behind the process can be reached. `world` outlives the answer.
std::function<base::Status()> Readiness(ServiceWorld& world);

}  // namespace speechcoach::app
