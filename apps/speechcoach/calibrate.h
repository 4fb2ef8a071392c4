// `speechcoach calibrate`: how well scores agree with teachers, and the lines that bring them nearer.
#pragma once

#include "base/config.h"
#include "base/result.h"
#include "cli/command_line.h"

namespace speechcoach::app {

base::Result<cli::ExitCode> Calibrate(const cli::CalibrateCommand& command, const base::Config& config);

}  // namespace speechcoach::app
