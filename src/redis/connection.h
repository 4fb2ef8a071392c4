// One connection to a Redis server, over hiredis.
#pragma once

#include <chrono>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "redis/options.h"
#include "redis/reply.h"

namespace speechcoach::redis {

using Command = std::vector<std::string>;  // name and arguments; any bytes

// One thread at a time. Errors: kStorageUnavailable where the connection is lost, after which it answers nothing else;
// kBadConfig where the server refuses the user or is too old. A server's own error is a Reply.
class Connection {
 public:
  // Connects, signs in and chooses the database. Redis 6.2 or newer.
  static base::Result<std::unique_ptr<Connection>> Open(const Options& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends all at once and waits for all answers, in order.
  base::Result<std::vector<Reply>> Run(const std::vector<Command>& commands);
  base::Result<Reply> Run(const Command& command);

  // For what answers later: blocking commands and subscriptions.
  base::Status Send(const Command& command);
  // The next answer; absent where none came within `timeout`.
  base::Result<std::optional<Reply>> Read(std::chrono::milliseconds timeout);

  bool is_broken() const;
  int fd() const;  // to poll for Read(0)

 private:
  struct Context;
  explicit Connection(std::unique_ptr<Context> context);
  base::Status SignIn(const Options& options);
  base::Error Lost() const;

  std::unique_ptr<Context> context_;
};

}  // namespace speechcoach::redis
