// Tasks that must not run any more.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace speechcoach::queue::celery {

// Holds the last 50,000 of the last three hours, as Celery does. One thread at a time.
class RevokedSet {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kMost = 50'000;
  static constexpr std::chrono::hours kLongest{3};

  void Add(const std::string& id, Clock::time_point now = Clock::now());
  bool Contains(const std::string& id, Clock::time_point now = Clock::now()) const;
  std::vector<std::string> Ids() const;

 private:
  std::unordered_map<std::string, Clock::time_point> since_;
  std::deque<std::string> by_age_;
};

}  // namespace speechcoach::queue::celery
