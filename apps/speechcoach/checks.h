// What `doctor` looks at.
#pragma once

#include <vector>

#include "base/config.h"
#include "cli/doctor.h"

namespace speechcoach::app {

std::vector<cli::Check> InstallationChecks(const base::Config& config);

}  // namespace speechcoach::app
