// Waiting for any of many lists without taking anything from them.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "redis/connection.h"
#include "redis/options.h"

namespace speechcoach::queue::celery {

// A blocking pop hands a message to a process that may die before it has noted it. So each list is watched by a move of its last
// message onto its own end: it blocks while the list is empty, and changes nothing when it is not. One thread at a time.
class Bells {
 public:
  explicit Bells(redis::Options options) : options_(std::move(options)) {}

  // Returns when one of the lists may hold something, `wake_fd` can be read, or the time is over.
  base::Status Wait(const std::vector<std::string>& lists, int wake_fd, std::chrono::milliseconds timeout);
  void Clear() { bells_.clear(); }

 private:
  struct Bell {
    std::unique_ptr<redis::Connection> connection;
    bool is_armed = false;
  };

  const redis::Options options_;
  std::map<std::string, Bell> bells_;
};

}  // namespace speechcoach::queue::celery
