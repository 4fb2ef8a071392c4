#include "memory_watch.h"

#include <chrono>
#include <climits>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <linux/close_range.h>
#include <unistd.h>

#include "base/log.h"
#include "metrics/process_figures.h"

namespace speechcoach::app {
namespace {

constexpr double kMiB = 1024.0 * 1024.0;
constexpr std::chrono::seconds kBetweenLooks{1};

// As the system keeps them: each ends with a zero byte.
std::vector<std::string> OwnArguments() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> arguments;
  for (std::string argument; std::getline(file, argument, '\0');) arguments.push_back(argument);
  return arguments;
}

}  // namespace

MemoryWatch::MemoryWatch(int limit_mb, std::function<void()> on_exceeded) {
  if (limit_mb == 0) return;
  thread_ = std::jthread([limit_mb, exceeded = std::move(on_exceeded)](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    while (!stopped.wait_for(lock, stop, kBetweenLooks, [&stop] { return stop.stop_requested(); })) {
      const int resident_mb = ResidentMb();
      if (resident_mb <= limit_mb) continue;
      base::Log(base::LogLevel::kWarning, "memory limit reached", {{"resident_mb", resident_mb}, {"limit_mb", limit_mb}});
      exceeded();
      return;
    }
  });
}

int MemoryWatch::ResidentMb() {
  return static_cast<int>(static_cast<double>(metrics::ReadProcessFigures().resident_bytes.value_or(0)) / kMiB);
}

void StartAnew() {
  const std::vector<std::string> arguments = OwnArguments();
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  ::close_range(STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC);
  ::execv("/proc/self/exe", pointers.data());
}

}  // namespace speechcoach::app
