#include "queue/internal/backoff.h"

#include <algorithm>

namespace speechcoach::queue {

std::chrono::milliseconds Backoff::Before(int retry) const {
  std::chrono::milliseconds wait = first;
  for (int i = 1; i < retry && wait < longest; ++i) wait *= 2;
  return std::min(wait, longest);
}

}  // namespace speechcoach::queue
