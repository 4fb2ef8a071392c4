#include "cli/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace speechcoach::cli {

bool HasColours(std::FILE* stream) {
  const char* terminal = std::getenv("TERM");
  const char* no_colour = std::getenv("NO_COLOR");
  const bool refused = no_colour != nullptr && *no_colour != '\0';
  return isatty(fileno(stream)) == 1 && !refused && terminal != nullptr && std::string_view(terminal) != "dumb";
}

ProgressBar::ProgressBar() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (is_terminal_) fmt::print(stderr, "\r\033[K");
}

void ProgressBar::Show(int percent, std::string_view label) {
  if (!is_terminal_) return;
  constexpr int kWidth = 30;
  const int done = std::clamp(percent, 0, 100) * kWidth / 100;
  const std::lock_guard lock(mutex_);
  fmt::print(stderr, "\r\033[K[{:#<{}}{:-<{}}] {:3d} %  {}", "", done, "", kWidth - done, percent, label);
  std::fflush(stderr);
}

}  // namespace speechcoach::cli
