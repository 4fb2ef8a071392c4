// How long something took lately.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>

namespace speechcoach::llm {

// The last 64 times. Thread-safe.
class RecentTimes {
 public:
  void Add(std::chrono::milliseconds time) {
    const std::lock_guard lock(mutex_);
    times_[count_++ % times_.size()] = time;
  }

  // The 95th percentile; nullopt while there are fewer than 20.
  std::optional<std::chrono::milliseconds> P95() const {
    const std::lock_guard lock(mutex_);
    if (count_ < 20) return std::nullopt;
    std::array<std::chrono::milliseconds, 64> sorted = times_;
    const std::size_t size = std::min(count_, sorted.size());
    const auto nth = sorted.begin() + static_cast<std::ptrdiff_t>((size - 1) * 95 / 100);
    std::nth_element(sorted.begin(), nth, sorted.begin() + static_cast<std::ptrdiff_t>(size));
    return *nth;
  }

 private:
  mutable std::mutex mutex_;
  std::array<std::chrono::milliseconds, 64> times_{};
  std::size_t count_ = 0;
};

}  // namespace speechcoach::llm
