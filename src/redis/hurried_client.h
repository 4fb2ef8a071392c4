// A Redis server for what is done without it where it is away.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "redis/client.h"

namespace speechcoach::redis {

// Nobody waits long: a server that has not answered within `patience` is left alone for five seconds. Thread-safe.
class HurriedClient {
 public:
  static constexpr std::chrono::milliseconds kPatience{250};

  // `what` is not to be had while the server is away: for the log.
  HurriedClient(Options server, std::string what, std::chrono::milliseconds patience = kPatience);

  // Nothing where the server is away, or does not do what it is told.
  std::optional<Reply> Run(const Command& command);
  std::optional<Reply> Run(const Script& script, const std::vector<std::string>& keys, const std::vector<std::string>& arguments);

 private:
  template <typename... Arguments>
  std::optional<Reply> Ask(const Arguments&... arguments);

  Client client_;
  const std::string what_;
  std::atomic<std::chrono::steady_clock::duration> rests_until_{std::chrono::steady_clock::duration::min()};
};

}  // namespace speechcoach::redis
