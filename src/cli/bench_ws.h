// `speechcoach bench ws`: many learners at once, to measure a server with.
#pragma once

#include "cli/command_line.h"

namespace speechcoach::cli {

// Opens command.connections WebSockets to one server. Idle ones wait for command.seconds; the others each stream a recording in
// chunks of 100 ms at a microphone's pace. Prints what was sent and acknowledged, and how long acknowledgements took. kFailed
// where a connection was not opened or lost, or a chunk not acknowledged. Single-threaded.
ExitCode RunBenchWs(const BenchWsCommand& command);

}  // namespace speechcoach::cli
