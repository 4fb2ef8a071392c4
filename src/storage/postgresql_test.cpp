// What only PostgreSQL does. Its server is the one of tests/support/with_postgresql.py.

#include <atomic>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/postgresql/soci-postgresql.h>

#include "storage/internal/connection_pool.h"
#include "storage/internal/postgresql_dialect.h"
#include "storage/internal/statement.h"
#include "storage/open_sql.h"

namespace speechcoach::storage {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PostgresqlTest : public ::testing::Test {
 protected:
  PostgresqlTest() { OpenSql(db_, sql_); }

  std::string Value(const std::string& query) {
    std::string value;
    Statement statement(sql_, query);
    statement.Into(value).ExecuteForOne();
    return value;
  }

  // Ends every connection to the test's database but this one, as a restart of the server does.
  void CutConnections() {
    sql_ << "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
            "pg_backend_pid()";
  }

  std::string Password() const {
    const std::string& url = db_.url();
    const std::size_t begin = url.find(':', url.find("//")) + 1;
    return url.substr(begin, url.find('@') - begin);
  }

  TemporaryDatabase db_{2};
  soci::session sql_;
};

TEST_F(PostgresqlTest, KeepsTimesWithTheirZoneAndJsonAsJson) {
  const auto type_of = [&](const std::string& column, const std::string& table = "speech_practice_sessions") {
    return Value("SELECT data_type FROM information_schema.columns WHERE table_name = '" + table + "' AND column_name = '" +
                 column + "'");
  };
  EXPECT_EQ(type_of("created_at", "llm_usage_logs"), "timestamp with time zone");
  EXPECT_EQ(type_of("rate_limit_reset_at", "llm_api_keys"), "timestamp with time zone");
  EXPECT_EQ(Value("SELECT CAST(max(valid_from) AS TEXT) FROM llm_prices"), "2027-01-01 00:00:00+00");
  EXPECT_EQ(type_of("created_at"), "timestamp with time zone");
  EXPECT_EQ(type_of("completed_at"), "timestamp with time zone");
  for (const char* column : {"prosody_features", "analysis_result", "detailed_feedback"})
    EXPECT_EQ(type_of(column), "jsonb") << column;
}

TEST_F(PostgresqlTest, EveryMigrationGoesDownAndUpAgain) {
  const int all = static_cast<int>(db_->MigrationStatus()->size());
  ASSERT_TRUE(db_->MigrateDown(all).ok());
  EXPECT_EQ(Value("SELECT string_agg(table_name, ' ') FROM information_schema.tables WHERE table_schema = 'public'"),
            "schema_migrations");
  ASSERT_TRUE(db_->MigrateUp().ok());
  EXPECT_TRUE(db_->SeedSentences().ok());
}

TEST_F(PostgresqlTest, MigrationsOfManyProcessesAtOnceAreAppliedOnce) {
  ASSERT_TRUE(db_->MigrateDown(100).ok());
  std::atomic<int> failures = 0;
  std::vector<std::thread> starts;
  for (int i = 0; i < 6; ++i) {
    starts.emplace_back([&] {
      const auto db = Database::Open({.url = db_.url(), .pool_size = 2});
      if (!db.ok() || !(*db)->MigrateUp().ok() || !(*db)->SeedSentences().ok()) ++failures;
    });
  }
  for (std::thread& start : starts) start.join();
  EXPECT_EQ(failures, 0);
}

TEST_F(PostgresqlTest, ConnectionsThatWereClosedWhileIdleAreOpenedAnewUnnoticed) {
  const std::string id = db_.AddSession();
  CutConnections();
  model::Session session = *db_->sessions().Get(id);
  CutConnections();
  session.status = model::SessionStatus::kRecording;
  EXPECT_TRUE(db_->sessions().UpdateIfStatus(session, model::SessionStatus::kCreated).ok());
}

TEST_F(PostgresqlTest, AReadIsTriedAgainOnALostConnectionAndAWriteSaysThatItWasLost) {
  const auto dialect = MakePostgresqlDialect(db_.url());
  ConnectionPool pool({.size = 1}, [&](soci::session& sql) { (*dialect)->Connect(sql); });
  int runs = 0;
  const auto lose_the_first_time = [&](soci::session& sql) -> base::Status {
    if (++runs == 1) CutConnections();
    sql << "SELECT 1";
    return {};
  };
  EXPECT_TRUE(pool.Run(Access::kRead, lose_the_first_time).ok());
  EXPECT_EQ(runs, 2);

  runs = 0;
  const base::Status lost = pool.Run(Access::kWrite, lose_the_first_time);
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(pool.Run(Access::kWrite, lose_the_first_time).ok());
}

TEST_F(PostgresqlTest, AnUnreachableServerIsUnavailableAndThePasswordStaysSecret) {
  const std::string url = db_.url();
  const std::string elsewhere = "postgresql://coach:" + Password() + "@127.0.0.1:1/x?application_name=" + Password();
  const auto refused = Database::Open({.url = elsewhere});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("127.0.0.1:1/x"), Not(HasSubstr(Password()))));

  const std::string wrong = url.substr(0, url.find('@')) + "x" + url.substr(url.find('@'));
  const auto denied = Database::Open({.url = wrong});
  ASSERT_FALSE(denied.ok());
  EXPECT_EQ(denied.error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_THAT(denied.error().message, Not(HasSubstr(Password())));

  const auto nonsense = Database::Open({.url = "postgresql://a:" + Password() + "@[::1/x"});
  ASSERT_FALSE(nonsense.ok());
  EXPECT_EQ(nonsense.error().code, base::ErrorCode::kBadConfig);
  EXPECT_THAT(nonsense.error().message, Not(HasSubstr(Password())));
}

TEST_F(PostgresqlTest, TransactionsThatCannotBeFittedTogetherAreRepeated) {
  sql_ << "CREATE TABLE counter (value INTEGER)";
  sql_ << "INSERT INTO counter VALUES (0)";
  const auto dialect = MakePostgresqlDialect(db_.url());
  ConnectionPool pool({.size = 4}, [&](soci::session& sql) {
    (*dialect)->Connect(sql);
    sql << "SET default_transaction_isolation = 'serializable'";
  });
  constexpr int kThreads = 3;
  constexpr int kRounds = 15;
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds;) {
        const base::Status added = pool.Run(Access::kWrite, [](soci::session& sql) -> base::Status {
          soci::transaction transaction(sql);
          int value = 0;
          Statement(sql, "SELECT value FROM counter").Into(value).ExecuteForOne();
          ++value;
          Statement(sql, "UPDATE counter SET value = :value").Use("value", value).Execute();
          transaction.commit();
          return {};
        });
        if (!added.ok()) {
          // Even five times were not enough among so many; the caller is told that it may try later.
          EXPECT_EQ(added.error().code, base::ErrorCode::kStorageUnavailable);
          continue;
        }
        ++done;
        ++round;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Value("SELECT CAST(value AS TEXT) FROM counter"), std::to_string(kThreads * kRounds));
  EXPECT_EQ(done, kThreads * kRounds);
}

TEST_F(PostgresqlTest, StatementsStayPreparedAndAreReadAnewWhereTheirTableChanged) {
  sql_ << "CREATE TABLE things (number INTEGER)";
  sql_ << "INSERT INTO things VALUES (7)";
  const auto dialect = MakePostgresqlDialect(db_.url());
  ConnectionPool pool({.size = 1}, [&](soci::session& sql) { (*dialect)->Connect(sql); });
  const auto number = [&] {
    return pool.Run(Access::kWrite, [](Connection& sql) -> base::Result<std::string> {
      std::string value;
      std::string inner;
      const int least = 1;
      Statement outer(sql, "SELECT number FROM things WHERE number >= :least");
      outer.Into(value).Use("least", least).Execute();
      // The same text while the first is still being read.
      Statement(sql, "SELECT number FROM things WHERE number >= :least").Into(inner).Use("least", least).ExecuteForOne();
      return inner == value ? value : inner + " and " + value;
    });
  };
  const auto prepared = [&] {
    return *pool.Run(Access::kRead, [](Connection& sql) -> base::Result<long long> {
      long long count = 0;
      static_cast<soci::session&>(sql) << "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM things%'",
          soci::into(count);
      return count;
    });
  };
  EXPECT_EQ(prepared(), 0);
  EXPECT_EQ(number().value(), "7");
  EXPECT_EQ(number().value(), "7");
  EXPECT_EQ(prepared(), 1);
  sql_ << "ALTER TABLE things ALTER COLUMN number TYPE DOUBLE PRECISION";
  EXPECT_EQ(number().value(), "7") << "in a write, too: nothing was done yet";
  EXPECT_EQ(prepared(), 1);
  sql_ << "DROP TABLE things";
  EXPECT_EQ(number().error().code, base::ErrorCode::kInternal);
}

TEST_F(PostgresqlTest, AKeptStatementKeepsNothingOfWhatItFound) {
  const auto dialect = MakePostgresqlDialect(db_.url());
  Connection connection;
  (*dialect)->Connect(connection);
  const std::string query = "SELECT repeat('a', 1000000)";
  std::string text;
  ASSERT_TRUE(Statement(connection, query).Into(text).ExecuteForOne());
  ASSERT_EQ(text.size(), 1'000'000U);
  auto kept = connection.TakePrepared(query);
  ASSERT_TRUE(kept);
  EXPECT_EQ(static_cast<soci::postgresql_statement_backend*>(kept->get_backend())->result_.get_result(), nullptr);
}

TEST_F(PostgresqlTest, AValueItCannotTakeIsNotRepeatedInTheError) {
  const auto dialect = MakePostgresqlDialect(db_.url());
  ConnectionPool pool({.size = 1}, [&](soci::session& sql) { (*dialect)->Connect(sql); });
  const base::Status failed = pool.Run(Access::kWrite, [](soci::session& sql) -> base::Status {
    const std::string text = "what somebody said";
    int number = 0;
    Statement(sql, "SELECT CAST(CAST(:text AS TEXT) AS INTEGER)").Into(number).Use("text", text).ExecuteForOne();
    return {};
  });
  ASSERT_FALSE(failed.ok());
  EXPECT_THAT(failed.error().message, Not(HasSubstr("somebody")));
}

TEST_F(PostgresqlTest, EveryQueryFindsItsIndex) {
  sql_ << "SET enable_seqscan = off";  // on a small table reading it whole is cheaper
  const std::string by_user = "SELECT * FROM speech_practice_sessions WHERE user_id = 1 AND created_at >= to_timestamp(0) ";
  const std::string in_order = "ORDER BY created_at DESC, id DESC LIMIT 20";
  for (const std::string& query : {
           by_user + in_order,
           by_user + "AND (created_at, id) < (to_timestamp(5), 'x') " + in_order,
           by_user + "AND status = 'completed' AND created_at < to_timestamp(9) AND (created_at, id) < (to_timestamp(5), 'x') " +
               in_order,
           std::string("SELECT COUNT(*) FROM speech_practice_sessions WHERE user_id = 1 AND created_at >= to_timestamp(5)"),
           std::string("SELECT id FROM speech_practice_sessions WHERE status = 'processing' ORDER BY created_at, id"),
           std::string("SELECT * FROM users WHERE email = 'x'"),
           std::string("UPDATE jobs SET attempt = 0 WHERE session_id = 'x' AND kind = 'y'"),
           std::string("SELECT kind FROM jobs ORDER BY id LIMIT 1"),
       }) {
    std::string line;
    std::string plan;
    Statement explain(sql_, "EXPLAIN " + query);
    explain.Into(line);
    for (bool more = explain.Execute(); more; more = explain.Next()) plan += line + "\n";
    EXPECT_THAT(plan, AllOf(HasSubstr("Index"), Not(HasSubstr("Seq Scan")), Not(HasSubstr("Sort")))) << query;
  }
}

}  // namespace
}  // namespace speechcoach::storage
