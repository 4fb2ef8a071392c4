// `speechcoach dead`: tasks that failed for good.
#pragma once

#include "base/config.h"
#include "base/result.h"
#include "cli/command_line.h"

namespace speechcoach::app {

// Asks the broker alone. Errors: kBadConfig (no broker), kNotFound, as redis::Client.
base::Result<cli::ExitCode> RunDead(const cli::DeadCommand& command, const base::Config& config);

}  // namespace speechcoach::app
