#include "stt/internal/machine.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::stt {
namespace {

constexpr int kMostUsefulThreads = 8;
constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

// A file of one number; nothing where it is missing or says "max".
std::optional<std::uint64_t> ReadNumber(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::uint64_t number = 0;
  if (file >> number) return number;
  return std::nullopt;
}

std::uint64_t KernelEstimateBytes(const std::filesystem::path& root) {
  std::ifstream file(root / "proc/meminfo");
  std::string name;
  std::uint64_t kib = 0;
  std::string rest;
  while (file >> name >> kib) {
    if (name == "MemAvailable:") return kib * 1024;
    std::getline(file, rest);
  }
  return kUnknown;
}

// The first value after `name` in a file of "name number ..." lines; 0 where it is missing.
std::uint64_t ReadField(const std::filesystem::path& path, std::string_view name) {
  std::ifstream file(path);
  std::string field;
  std::uint64_t number = 0;
  std::string rest;
  while (file >> field >> number) {
    if (field == name) return number;
    std::getline(file, rest);
  }
  return 0;
}

// File cache that nobody uses counts as used, but makes way for whoever asks for memory.
std::uint64_t GroupRoomBytes(const std::filesystem::path& limit_file, const std::filesystem::path& usage_file,
                             std::string_view idle_cache) {
  const auto limit = ReadNumber(limit_file);
  const auto usage = ReadNumber(usage_file);
  if (!limit || !usage) return kUnknown;
  const std::uint64_t in_use = *usage - std::min(*usage, ReadField(usage_file.parent_path() / "memory.stat", idle_cache));
  return *limit > in_use ? *limit - in_use : 0;
}

// This process's control group (v2) and those that hold it, from the outermost in: a service's own limits stand at its group, a
// container's usually at the outermost that it sees.
std::vector<std::filesystem::path> ControlGroups(const std::filesystem::path& root) {
  constexpr std::string_view kVersion2 = "0::";
  std::vector<std::filesystem::path> groups{root / "sys/fs/cgroup"};
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(kVersion2)) continue;
    for (const auto& name : std::filesystem::path(line.substr(kVersion2.size())).relative_path())
      groups.push_back(groups.back() / name);
  }
  return groups;
}

}  // namespace

std::uint64_t AvailableMemoryBytes(const std::filesystem::path& root) {
  const auto older = root / "sys/fs/cgroup/memory";
  std::uint64_t room =
      std::min(KernelEstimateBytes(root),
               GroupRoomBytes(older / "memory.limit_in_bytes", older / "memory.usage_in_bytes", "total_inactive_file"));
  for (const auto& group : ControlGroups(root)) {
    room = std::min(room, GroupRoomBytes(group / "memory.max", group / "memory.current", "inactive_file"));
  }
  return room;
}

int AvailableCores(const std::filesystem::path& root) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  int cores = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? std::max(1, CPU_COUNT(&allowed)) : 1;
  for (const auto& group : ControlGroups(root)) {
    std::ifstream file(group / "cpu.max");
    double quota_us = 0.0;
    double period_us = 0.0;
    if (file >> quota_us >> period_us && period_us > 0.0)
      cores = std::clamp(static_cast<int>(std::ceil(quota_us / period_us)), 1, cores);
  }
  return cores;
}

int ThreadsForEach(int configured, int parallel) {
  return configured > 0 ? configured : std::clamp(AvailableCores() / parallel, 1, kMostUsefulThreads);
}

int ThreadsWithACore(int limit, const std::filesystem::path& root) {
  const auto running = static_cast<int>(std::min<std::uint64_t>(ReadField(root / "proc/stat", "procs_running"), 1'000'000));
  const auto cores = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  return std::clamp(cores - std::max(0, running - 1), 1, std::max(1, limit));
}

}  // namespace speechcoach::stt
