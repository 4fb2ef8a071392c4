// A fixed number of open database connections, lent one at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

#include <soci/soci.h>

#include "base/result.h"
#include "storage/internal/sql_error.h"

namespace speechcoach::storage {

enum class Access { kRead, kWrite };

struct PoolOptions {
  int size = 4;                          // >= 1
  std::chrono::milliseconds wait{5000};  // how long a caller waits for a connection
  // The database takes one writer at a time (SQLite): writers wait for each other here, in memory, instead of in the
  // database's busy handler, which polls.
  bool one_writer = false;
};

// Thread-safe. Waiting goes by the monotonic clock: soci::connection_pool goes by the wall clock, which can jump.
class ConnectionPool {
 public:
  using Opener = std::function<void(soci::session&)>;

  // Opens every connection; throws what `open` throws.
  ConnectionPool(const PoolOptions& options, const Opener& open);

  // Calls `body(soci::session&)`, which answers a base::Result, with a connection of this thread's own for the length of the
  // call. Exceptions become errors: see sql_error.h. kStorageUnavailable where no connection is free for too long.
  // `body` must not call Run: a pool of one would wait for itself.
  template <typename Body>
  std::invoke_result_t<Body, soci::session&> Run(Access access, Body&& body) {
    const Lease lease(*this, access);
    if (lease.session() == nullptr)
      return base::Error{base::ErrorCode::kStorageUnavailable, "all database connections are in use"};
    try {
      return body(*lease.session());
    } catch (...) {
      return CurrentExceptionToError();
    }
  }

 private:
  class Lease {
   public:
    Lease(ConnectionPool& pool, Access access);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    soci::session* session() const { return session_; }  // null where none came free in time

   private:
    ConnectionPool& pool_;
    const bool is_the_writer_;
    soci::session* session_ = nullptr;
  };

  const PoolOptions options_;
  std::vector<std::unique_ptr<soci::session>> sessions_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<soci::session*> free_;
  bool writing_ = false;
};

}  // namespace speechcoach::storage
