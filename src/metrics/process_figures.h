// This process as the kernel sees it: Linux, /proc/self.
#pragma once

#include <cstdint>
#include <optional>

namespace speechcoach::metrics {

// What cannot be read is absent.
struct ProcessFigures {
  std::optional<double> cpu_s = {};
  std::optional<std::int64_t> resident_bytes = {};
  std::optional<double> started_at_s = {};  // since the epoch
  std::optional<int> open_descriptors = {};
  std::optional<std::int64_t> max_descriptors = {};
  std::optional<int> threads = {};
};

ProcessFigures ReadProcessFigures();

}  // namespace speechcoach::metrics
