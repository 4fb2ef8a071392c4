// What a person at a terminal sees while waiting, and the colours of what they get.
#pragma once

#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

namespace speechcoach::cli {

// True where `stream` is a terminal that shows colours (NO_COLOR and TERM=dumb are honoured).
bool HasColours(std::FILE* stream);

// One line on stderr that is drawn over; nothing at all where stderr is not a terminal. Thread-safe.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();  // clears the line
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Show(int percent, std::string_view label);

 private:
  const bool is_terminal_;
  std::mutex mutex_;
};

}  // namespace speechcoach::cli
