#include "stt/internal/machine.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <thread>

namespace speechcoach::stt {
namespace {

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

std::uint64_t GroupRoomBytes(const std::filesystem::path& limit_file, const std::filesystem::path& usage_file) {
  const auto limit = ReadNumber(limit_file);
  const auto usage = ReadNumber(usage_file);
  if (!limit || !usage) return kUnknown;
  return *limit > *usage ? *limit - *usage : 0;
}

}  // namespace

std::uint64_t AvailableMemoryBytes(const std::filesystem::path& root) {
  const auto group = root / "sys/fs/cgroup";
  return std::min({KernelEstimateBytes(root), GroupRoomBytes(group / "memory.max", group / "memory.current"),
                   GroupRoomBytes(group / "memory/memory.limit_in_bytes", group / "memory/memory.usage_in_bytes")});
}

int AvailableCores(const std::filesystem::path& root) {
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::ifstream file(root / "sys/fs/cgroup/cpu.max");
  double quota_us = 0.0;
  double period_us = 0.0;
  if (!(file >> quota_us >> period_us) || period_us <= 0.0) return cores;
  return std::clamp(static_cast<int>(std::ceil(quota_us / period_us)), 1, cores);
}

}  // namespace speechcoach::stt
