// `speechcoach keys`: the keys to language models.
#pragma once

#include "base/config.h"
#include "base/result.h"
#include "cli/command_line.h"

namespace speechcoach::app {

// Brings the schema up to date first. The key to add is read from stdin, its first line, so that no list of processes shows it.
base::Result<cli::ExitCode> RunKeys(const cli::KeysCommand& command, const base::Config& config);

}  // namespace speechcoach::app
