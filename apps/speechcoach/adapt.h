// `speechcoach adapt`: tables of another program whose users or sentences become ours.
#pragma once

#include "base/config.h"
#include "base/result.h"
#include "cli/command_line.h"
#include "storage/database.h"

namespace speechcoach::app {

base::Result<cli::ExitCode> Adapt(const cli::AdaptCommand& command, const base::Config& config);

// Brings all that is adapted to what its tables hold now.
base::Status FollowAdapted(storage::Database& database, std::int64_t now_ms);

}  // namespace speechcoach::app
