#include "storage/internal/connection_pool.h"

#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

using namespace std::chrono_literals;

void OpenInMemory(soci::session& sql) { sql.open(soci::sqlite3, "dbname=:memory:"); }

base::Status Nothing(soci::session&) { return {}; }

TEST(ConnectionPoolTest, WaitsForAFreeConnectionAndNoLonger) {
  ConnectionPool pool({.size = 1, .wait = 20ms}, OpenInMemory);
  std::promise<void> taken;
  std::promise<void> release;
  std::thread holder([&] {
    (void)pool.Run(Access::kRead, [&](soci::session&) -> base::Status {
      taken.set_value();
      release.get_future().wait();
      return {};
    });
  });
  taken.get_future().wait();
  EXPECT_EQ(pool.Run(Access::kRead, Nothing).error().code, base::ErrorCode::kStorageUnavailable);
  release.set_value();
  holder.join();
  EXPECT_TRUE(pool.Run(Access::kRead, Nothing).ok());
}

TEST(ConnectionPoolTest, OneWriterAtATimeBesideReaders) {
  ConnectionPool pool({.size = 3, .wait = 20ms, .one_writer = true}, OpenInMemory);
  const base::Status outer = pool.Run(Access::kWrite, [&](soci::session&) -> base::Status {
    return std::async(std::launch::async,
                      [&] {
                        EXPECT_TRUE(pool.Run(Access::kRead, Nothing).ok());
                        return pool.Run(Access::kWrite, Nothing);
                      })
        .get();
  });
  EXPECT_EQ(outer.error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_TRUE(pool.Run(Access::kWrite, Nothing).ok());
}

TEST(ConnectionPoolTest, NoTwoThreadsHaveTheSameConnection) {
  ConnectionPool pool({.size = 3, .wait = 60s}, OpenInMemory);
  std::mutex mutex;
  std::set<soci::session*> in_use;
  std::atomic<int> shared = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const base::Status done = pool.Run(Access::kWrite, [&](soci::session& sql) -> base::Status {
          {
            const std::lock_guard lock(mutex);
            if (!in_use.insert(&sql).second) ++shared;
          }
          std::this_thread::yield();
          const std::lock_guard lock(mutex);
          in_use.erase(&sql);
          return {};
        });
        EXPECT_TRUE(done.ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(shared, 0);
}

TEST(ConnectionPoolTest, AnExceptionBecomesAnErrorAndTheConnectionComesBack) {
  ConnectionPool pool({.size = 1, .wait = 20ms}, OpenInMemory);
  const base::Status wrong = pool.Run(Access::kRead, [](soci::session& sql) -> base::Status {
    sql << "SELECT * FROM nowhere";
    return {};
  });
  EXPECT_EQ(wrong.error().code, base::ErrorCode::kInternal);
  EXPECT_THAT(wrong.error().message, ::testing::HasSubstr("no such table: nowhere"));
  const base::Status thrown = pool.Run(Access::kRead, [](soci::session&) -> base::Status { throw std::runtime_error("odd"); });
  EXPECT_EQ(thrown.error().code, base::ErrorCode::kInternal);
  EXPECT_TRUE(pool.Run(Access::kRead, Nothing).ok());
}

TEST(ConnectionPoolTest, ErrorsDoNotRepeatTheValuesOfAStatement) {
  ConnectionPool pool({.size = 1}, OpenInMemory);
  const base::Status wrong = pool.Run(Access::kWrite, [](soci::session& sql) -> base::Status {
    sql << "CREATE TABLE t (name TEXT UNIQUE)";
    const std::string name = "Nguyen Thi Lan";
    Statement(sql, "INSERT INTO t VALUES (:name)").Use("name", name).Execute();
    Statement(sql, "INSERT INTO t VALUES (:name)").Use("name", name).Execute();
    return {};
  });
  EXPECT_EQ(wrong.error().code, base::ErrorCode::kConflict);
  EXPECT_THAT(wrong.error().message, ::testing::Not(::testing::HasSubstr("Lan")));
}

}  // namespace
}  // namespace speechcoach::storage
