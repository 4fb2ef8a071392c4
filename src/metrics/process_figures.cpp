#include "metrics/process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace speechcoach::metrics {
namespace {

// Fields of /proc/self/stat behind the command's name, which may hold blanks and brackets: proc(5) counts from 1, and 3 is first.
std::vector<std::string> StatFields() {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(text.substr(name_end + 1));
  return {std::istream_iterator<std::string>(rest), {}};
}

// When the machine was started, since the epoch.
std::optional<double> BootTime() {
  std::ifstream file("/proc/stat");
  std::string word;
  while (file >> word) {
    double seconds = 0;
    if (word == "btime" && file >> seconds) return seconds;
  }
  return std::nullopt;
}

}  // namespace

ProcessFigures ReadProcessFigures() {
  constexpr std::size_t kUserTime = 14 - 3;
  constexpr std::size_t kSystemTime = 15 - 3;
  constexpr std::size_t kThreads = 20 - 3;
  constexpr std::size_t kStart = 22 - 3;
  constexpr std::size_t kResident = 24 - 3;
  ProcessFigures figures;
  const auto ticks_a_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  if (const std::vector<std::string> fields = StatFields(); fields.size() > kResident) {
    figures.cpu_s = (std::stod(fields[kUserTime]) + std::stod(fields[kSystemTime])) / ticks_a_second;
    figures.threads = std::stoi(fields[kThreads]);
    figures.resident_bytes = std::stoll(fields[kResident]) * sysconf(_SC_PAGESIZE);
    if (const auto booted_at_s = BootTime()) figures.started_at_s = *booted_at_s + std::stod(fields[kStart]) / ticks_a_second;
  }
  std::error_code fault;
  const std::filesystem::directory_iterator descriptors("/proc/self/fd", fault);
  // One of them is the listing itself.
  if (!fault) figures.open_descriptors = static_cast<int>(std::distance(begin(descriptors), end(descriptors))) - 1;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) figures.max_descriptors = static_cast<std::int64_t>(limit.rlim_cur);
  return figures;
}

}  // namespace speechcoach::metrics
