// Messages of Redis channels, on a thread of its own that connects again when the connection breaks.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/result.h"
#include "redis/options.h"

namespace speechcoach::redis {

// Handlers run on the subscriber's thread, one at a time, and return quickly. What is published while the connection is away is
// lost, which `on_standing` tells: it is called with each pattern whose subscription stands, at first and after each loss.
class Subscriber {
 public:
  using Handler = std::function<void(const std::string& channel, const std::string& message)>;

  Subscriber(Options options, Handler on_message, std::function<void(const std::string& pattern)> on_standing);
  ~Subscriber();  // returns when no handler runs any more

  // Thread-safe; take effect at once, or with the next connection. A pattern has Redis's *, ? and [].
  void Subscribe(const std::string& pattern);
  void Unsubscribe(const std::string& pattern);

 private:
  void Run();
  base::Status Listen(bool& connected);
  void Wake();

  const Options options_;
  const Handler on_message_;
  const std::function<void(const std::string&)> on_standing_;
  std::mutex mutex_;
  std::set<std::string> wanted_;
  std::atomic<bool> stopping_ = false;
  int wake_fd_ = -1;
  std::thread thread_;
};

}  // namespace speechcoach::redis
