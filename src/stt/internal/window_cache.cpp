#include "stt/internal/window_cache.h"

#include <algorithm>

namespace speechcoach::stt {

void WindowCache::Put(std::span<const float> samples, DecodedWindow window) {
  Entry entry{{samples.begin(), samples.end()}, std::move(window)};
  const std::lock_guard lock(mutex_);
  entries_.push_front(std::move(entry));
  if (entries_.size() > kept_) entries_.pop_back();
}

std::optional<DecodedWindow> WindowCache::Find(std::span<const float> samples) const {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::ranges::find_if(entries_, [&](const Entry& entry) { return std::ranges::equal(entry.samples, samples); });
  if (found == entries_.end()) return std::nullopt;
  return found->window;
}

}  // namespace speechcoach::stt
