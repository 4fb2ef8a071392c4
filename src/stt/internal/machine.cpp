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
std::uint64_t GroupRoomBytes(const std::filesystem::path& limit_file, const std::filesystem::path& usage_file, std::string_view idle_cache) {
  const auto limit = ReadNumber(limit_file);
  const auto usage = ReadNumber(usage_file);
  if (!limit || !usage) return kUnknown;
  const std::uint64_t in_use = *usage - std::min(*usage, ReadField(usage_file.parent_path() / "memory.stat", idle_cache));
  return *limit > in_use ? *limit - in_use : 0;
}

}  // namespace

std::uint64_t AvailableMemoryBytes(const std::filesystem::path& root) {
  const auto group = root / "sys/fs/cgroup";
  return std::min({KernelEstimateBytes(root), GroupRoomBytes(group / "memory.max", group / "memory.current", "inactive_file"),
                   GroupRoomBytes(group / "memory/memory.limit_in_bytes", group / "memory/memory.usage_in_bytes", "total_inactive_file")});
}

int AvailableCores(const std::filesystem::path& root) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  const int cores = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? std::max(1, CPU_COUNT(&allowed)) : 1;
  std::ifstream file(root / "sys/fs/cgroup/cpu.max");
  double quota_us = 0.0;
  double period_us = 0.0;
  if (!(file >> quota_us >> period_us) || period_us <= 0.0) return cores;
  return std::clamp(static_cast<int>(std::ceil(quota_us / period_us)), 1, cores);
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
