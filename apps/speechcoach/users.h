// `speechcoach user ...` and `speechcoach progress ...`
#pragma once

#include "base/config.h"
#include "base/result.h"
#include "cli/command_line.h"

namespace speechcoach::app {

// Brings the database's schema up to date first. Passwords are read from standard input, up to the end of the line.
base::Result<cli::ExitCode> RunUser(const cli::UserCommand& command, const base::Config& config);

// `speechcoach progress rebuild`: counts the finished sessions of one user, or of all, anew.
base::Result<cli::ExitCode> RebuildProgress(const cli::ProgressCommand& command, const base::Config& config);

}  // namespace speechcoach::app
