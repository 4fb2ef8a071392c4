// `speechcoach model`: the speech models that are here, whether they are whole, and new ones from the network.
#pragma once

#include <filesystem>

#include "base/config.h"
#include "cli/command_line.h"

namespace speechcoach::cli {

// Prints what it finds. kFailed where a model is damaged, missing or cannot be had.
ExitCode RunModel(const ModelCommand& command, const base::Config& config, const std::filesystem::path& program_dir);

}  // namespace speechcoach::cli
