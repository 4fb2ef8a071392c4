// `speechcoach doctor`: each part looked at, and what to do where one is not well.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command_line.h"

namespace speechcoach::cli {

struct Check {
  std::string name;
  std::function<base::Result<std::string>()> look;  // what is there, in a few words; or what is wrong
  std::string advice;                               // what to do where it is not well
  bool is_essential = true;                         // the program works without it, less well
};

// Runs all checks in order, prints a line each and the advice; kFailed where an essential part is not well.
ExitCode RunDoctor(const std::vector<Check>& checks);

}  // namespace speechcoach::cli
