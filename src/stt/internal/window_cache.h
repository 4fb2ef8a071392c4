// What was heard in windows while the learner still spoke, so that it need not be heard again at the end.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "stt/internal/decoded_window.h"

namespace speechcoach::stt {

// Keeps the last few windows; one is found by its samples, all of them. Thread-safe.
class WindowCache {
 public:
  explicit WindowCache(std::size_t kept) : kept_(kept) {}

  void Put(std::span<const float> samples, DecodedWindow window);
  std::optional<DecodedWindow> Find(std::span<const float> samples) const;

 private:
  struct Entry {
    std::vector<float> samples;
    DecodedWindow window;
  };

  const std::size_t kept_;
  mutable std::mutex mutex_;
  std::deque<Entry> entries_;  // newest first
};

}  // namespace speechcoach::stt
