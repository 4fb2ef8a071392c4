// A fixed number of open database connections, lent one at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

#include <soci/soci.h>

#include "base/result.h"
#include "storage/internal/connection.h"
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
  using WasClosed = std::function<bool(soci::session&)>;

  // Opens every connection; throws what `open` throws. `was_closed` is asked before each use.
  ConnectionPool(const PoolOptions& options, Opener open, WasClosed was_closed = [](soci::session&) { return false; });

  // Calls `body(Connection&)`, which answers a base::Result, with a connection of this thread's own for the length of the
  // call. Exceptions become errors: see sql_error.h. kStorageUnavailable where no connection is free for too long. Statements made
  // with it stay prepared on it.
  // `body` must not call Run: a pool of one would wait for itself. It is called again where the database undid its work because
  // of other transactions, and, where it only reads, after a lost connection was opened anew. A write whose connection is lost
  // fails: nobody knows whether it was done.
  template <typename Body>
  std::invoke_result_t<Body, Connection&> Run(Access access, Body&& body) {
    const Lease lease(*this, access);
    if (lease.session() == nullptr)
      return base::Error{base::ErrorCode::kStorageUnavailable, "all database connections are in use"};
    for (int attempt = 1;; ++attempt) {
      try {
        lease.OpenIfLost();
        return body(*lease.session());
      } catch (...) {
        const Remedy remedy = CurrentExceptionRemedy();
        if (remedy == Remedy::kReconnect) lease.ReportLost();
        if (remedy == Remedy::kPrepareAnew) lease.session()->ForgetPrepared();
        const bool is_undone = remedy == Remedy::kRepeat || remedy == Remedy::kPrepareAnew;
        const bool try_again =
            (is_undone && attempt < kMaxAttempts) || (remedy == Remedy::kReconnect && access == Access::kRead && attempt == 1);
        if (!try_again) return CurrentExceptionToError();
      }
    }
  }

 private:
  static constexpr int kMaxAttempts = 5;

  struct Slot {
    std::unique_ptr<Connection> session;
    int opened_in_era = 0;
  };

  class Lease {
   public:
    Lease(ConnectionPool& pool, Access access);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Connection* session() const {
      return slot_ == nullptr ? nullptr : slot_->session.get();
    }  // null where none came free in time
    void OpenIfLost() const;
    // One lost connection tells that the server went away, and all others with it: each is opened anew when it is next used.
    void ReportLost() const;

   private:
    ConnectionPool& pool_;
    const bool is_the_writer_;
    Slot* slot_ = nullptr;
  };

  const PoolOptions options_;
  const Opener open_;
  const WasClosed was_closed_;
  std::atomic<int> era_ = 0;
  std::vector<Slot> slots_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot*> free_;
  bool writing_ = false;
};

}  // namespace speechcoach::storage
