// `speechcoach chat`: the conversation partner in writing.
#pragma once

#include "base/config.h"
#include "base/result.h"
#include "cli/command_line.h"

namespace speechcoach::app {

// Brings the schema up to date first. The learner's turns are the lines of stdin; an empty line is silence, its end ends the talk.
base::Result<cli::ExitCode> RunChat(const cli::ChatCommand& command, const base::Config& config);

}  // namespace speechcoach::app
