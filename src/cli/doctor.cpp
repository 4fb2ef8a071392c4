#include "cli/doctor.h"

#include <cstdio>

#include <fmt/format.h>

#include "cli/terminal.h"

namespace speechcoach::cli {

ExitCode RunDoctor(const std::vector<Check>& checks) {
  const bool colours = HasColours(stdout);
  const auto mark = [&](std::string_view text, int colour) {
    return colours ? fmt::format("\033[{}m{}\033[0m", colour, text) : std::string(text);
  };
  int broken = 0;
  for (const Check& check : checks) {
    const auto found = check.look();
    if (found.ok()) {
      fmt::print("{}  {}: {}\n", mark("ok  ", 32), check.name, *found);
      continue;
    }
    if (check.is_essential) ++broken;
    fmt::print("{}  {}: {}\n      -> {}\n", check.is_essential ? mark("FAIL", 31) : mark("warn", 33), check.name,
               found.error().message, check.advice);
  }
  fmt::print("{}\n",
             broken == 0 ? "everything needed is in place" : fmt::format("{} of {} checks failed", broken, checks.size()));
  return broken == 0 ? ExitCode::kOk : ExitCode::kFailed;
}

}  // namespace speechcoach::cli
