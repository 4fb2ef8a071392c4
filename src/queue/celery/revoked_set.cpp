#include "queue/celery/revoked_set.h"

namespace speechcoach::queue::celery {

void RevokedSet::Add(const std::string& id, Clock::time_point now) {
  if (since_.emplace(id, now).second) by_age_.push_back(id);
  while (!by_age_.empty() && (by_age_.size() > kMost || now - since_.at(by_age_.front()) > kLongest)) {
    since_.erase(by_age_.front());
    by_age_.pop_front();
  }
}

bool RevokedSet::Contains(const std::string& id, Clock::time_point now) const {
  const auto found = since_.find(id);
  return found != since_.end() && now - found->second <= kLongest;
}

std::vector<std::string> RevokedSet::Ids() const { return {by_age_.begin(), by_age_.end()}; }

}  // namespace speechcoach::queue::celery
