// A Redis server for many threads: a pool of connections that are made anew when they break.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "redis/connection.h"
#include "redis/options.h"

namespace speechcoach::redis {

// A Lua script, run by its hash.
class Script {
 public:
  explicit Script(std::string text);
  const std::string& text() const { return text_; }
  const std::string& sha1() const { return sha1_; }

 private:
  std::string text_;
  std::string sha1_;
};

// Runs it on a connection of the caller's, sending the text only where the server does not know it.
base::Result<Reply> RunScript(Connection& connection, const Script& script, const std::vector<std::string>& keys,
                              const std::vector<std::string>& arguments);

// Thread-safe. A broken connection is made anew and the commands are sent once more, so what is sent may happen twice: callers
// send what bears that. Errors: kStorageUnavailable (no server for `patience`, or a server's error that passes: it is loading,
// read-only, out of memory), kBadConfig (sign-in refused), kInternal (another error of the server).
class Client {
 public:
  struct Limits {
    int connections = 8;                        // at once; a caller waits for a free one
    std::chrono::milliseconds patience{3'000};  // for a server that does not answer; tried again with growing pauses
  };

  Client(Options options, Limits limits);
  explicit Client(Options options);
  ~Client();

  base::Result<Reply> Run(const Command& command);
  // In one go, in order, not as one step. The first error of the server is the answer.
  base::Result<std::vector<Reply>> Run(const std::vector<Command>& commands);
  base::Result<Reply> Run(const Script& script, const std::vector<std::string>& keys, const std::vector<std::string>& arguments);

  const Options& options() const { return options_; }

 private:
  class Lease;
  template <typename Work>
  auto WithConnection(Work&& work) -> decltype(work(std::declval<Connection&>()));
  std::unique_ptr<Connection> TakeIdle();
  void GiveBack(std::unique_ptr<Connection> connection);

  const Options options_;
  const Limits limits_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int in_use_ = 0;
};

// Pauses between tries, each twice as long as the one before, each shortened at random so that many clients do not come at once.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest) : next_(first), first_(first), longest_(longest) {}
  std::chrono::milliseconds Next();
  void Reset() { next_ = first_; }

 private:
  std::chrono::milliseconds next_;
  std::chrono::milliseconds first_;
  std::chrono::milliseconds longest_;
};

// The errors of a server as those of this program. Call with an error reply.
base::Error ErrorFrom(const Reply& reply);

}  // namespace speechcoach::redis
