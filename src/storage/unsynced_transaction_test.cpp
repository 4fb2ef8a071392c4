#include "storage/internal/unsynced_transaction.h"

#include <string>

#include <gtest/gtest.h>

#include "storage/internal/sqlite_dialect.h"
#include "storage/internal/statement.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

class UnsyncedTransactionTest : public ::testing::Test {
 protected:
  UnsyncedTransactionTest() : dialect_(MakeSqliteDialect((folder_.path() / "test.db").string()).value()) {
    dialect_->Connect(sql_);
    sql_ << "CREATE TABLE t (x INTEGER)";
  }

  int Number(const std::string& query) {
    int number = 0;
    Statement(sql_, query).Into(number).ExecuteForOne();
    return number;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Dialect> dialect_;
  soci::session sql_;
};

constexpr int kFull = 2;
constexpr int kNormal = 1;

TEST_F(UnsyncedTransactionTest, CommitsWithoutWaitingForTheDiskAndNobodyElseDoes) {
  {
    UnsyncedTransaction transaction(sql_, *dialect_);
    EXPECT_EQ(Number("PRAGMA synchronous"), kNormal);
    sql_ << "INSERT INTO t VALUES (1)";
    transaction.Commit();
  }
  EXPECT_EQ(Number("PRAGMA synchronous"), kFull);
  soci::session other;
  dialect_->Connect(other);
  int rows = 0;
  other << "SELECT COUNT(*) FROM t", soci::into(rows);
  EXPECT_EQ(rows, 1);
}

TEST_F(UnsyncedTransactionTest, WhatIsNotCommittedIsUndone) {
  {
    const UnsyncedTransaction transaction(sql_, *dialect_);
    sql_ << "INSERT INTO t VALUES (1)";
  }
  EXPECT_EQ(Number("SELECT COUNT(*) FROM t"), 0);
  EXPECT_EQ(Number("PRAGMA synchronous"), kFull);
}

}  // namespace
}  // namespace speechcoach::storage
