#include <regex>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "storage/internal/migrator.h"
#include "storage/internal/sqlite_dialect.h"
#include "storage/internal/statement.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::UnorderedElementsAre;

class MigrationTest : public ::testing::Test {
 protected:
  std::unique_ptr<Database> OpenDatabase() {
    return std::move(Database::Open({.url = "sqlite:" + file_, .pool_size = 2}).value());
  }

  // Names of the product's tables in the file, read past the product's code.
  std::set<std::string> Tables() {
    soci::session sql(soci::sqlite3, "dbname=" + file_);
    std::set<std::string> tables;
    std::string name;
    Statement statement(sql, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    statement.Into(name);
    for (bool more = statement.Execute(); more; more = statement.Next()) tables.insert(name);
    return tables;
  }

  // The tables that these migrations say they make.
  static std::set<std::string> Named(const std::vector<Migration>& migrations) {
    static const std::regex kCreate("CREATE TABLE (\\w+)");
    std::set<std::string> tables;
    for (const Migration& migration : migrations) {
      const std::string up(migration.up);
      for (std::sregex_iterator it(up.begin(), up.end(), kCreate), end; it != end; ++it) tables.insert((*it)[1]);
    }
    return tables;
  }

  int CountApplied(Database& db) {
    const auto states = db.MigrationStatus();
    return static_cast<int>(std::ranges::count_if(*states, [](const MigrationState& state) { return state.applied; }));
  }

  const TemporaryFolder folder_;
  const std::string file_ = (folder_.path() / "test.db").string();
};

TEST_F(MigrationTest, UpMakesEveryTableOnce) {
  const auto db = OpenDatabase();
  EXPECT_EQ(CountApplied(*db), 0);
  ASSERT_TRUE(db->MigrateUp().ok());
  std::set<std::string> made = Named(EmbeddedMigrations());
  EXPECT_THAT(made,
              IsSupersetOf({"users", "sentences", "speech_practice_sessions", "jobs", "llm_usage_logs", "user_progress_llm"}));
  made.insert("schema_migrations");
  EXPECT_EQ(Tables(), made);
  EXPECT_EQ(CountApplied(*db), static_cast<int>(db->MigrationStatus()->size()));
  EXPECT_TRUE(db->MigrateUp().ok());
}

TEST_F(MigrationTest, DownTakesBackTheLastOnesAndUpBringsThemAgain) {
  const auto db = OpenDatabase();
  ASSERT_TRUE(db->MigrateUp().ok());
  const int all = CountApplied(*db);
  ASSERT_TRUE(db->MigrateDown(2).ok());
  EXPECT_EQ(CountApplied(*db), all - 2);
  const std::vector<Migration> migrations = EmbeddedMigrations();
  std::set<std::string> left = Named({migrations.begin(), migrations.end() - 2});
  left.insert("schema_migrations");
  EXPECT_EQ(Tables(), left);
  ASSERT_TRUE(db->MigrateDown(100).ok());
  EXPECT_EQ(CountApplied(*db), 0);
  EXPECT_THAT(Tables(), UnorderedElementsAre("schema_migrations"));
  ASSERT_TRUE(db->MigrateUp().ok());
  EXPECT_THAT(Tables(), IsSupersetOf({"users", "jobs"}));
}

TEST_F(MigrationTest, EveryMigrationHasItsWayBack) {
  const std::vector<Migration> migrations = EmbeddedMigrations();
  ASSERT_FALSE(migrations.empty());
  for (const Migration& migration : migrations) {
    EXPECT_THAT(std::string(migration.name), ::testing::MatchesRegex("[0-9]{12}_[a-z_]+"));
    EXPECT_FALSE(migration.up.empty()) << migration.name;
    EXPECT_FALSE(migration.down.empty()) << migration.name;
  }
}

TEST_F(MigrationTest, ThoseOfManyProcessesAtOnceAreAppliedOnce) {
  std::vector<std::thread> starts;
  std::atomic<int> failures = 0;
  for (int i = 0; i < 8; ++i) {
    starts.emplace_back([&] {
      const auto db = Database::Open({.url = "sqlite:" + file_, .pool_size = 2});
      if (!db.ok() || !(*db)->MigrateUp().ok() || !(*db)->SeedSentences().ok()) ++failures;
    });
  }
  for (std::thread& start : starts) start.join();
  EXPECT_EQ(failures, 0);
  EXPECT_GE((*OpenDatabase()).sentences().List({})->size(), 60u);
}

TEST_F(MigrationTest, OneThatFailsLeavesNothingBehind) {
  const auto dialect = MakeSqliteDialect(file_);
  soci::session sql;
  (*dialect)->Connect(sql);
  const Migration good{"202601010000_good", "CREATE TABLE good (id INTEGER);", "DROP TABLE good;"};
  const Migration bad{"202601010001_bad", "CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1);", ""};
  EXPECT_THROW((void)Migrator(sql, **dialect, {good, bad}).Up(), soci::soci_error);
  EXPECT_THAT(Tables(), UnorderedElementsAre("schema_migrations", "good"));

  const Migration repaired{bad.name, "CREATE TABLE half (id INTEGER);", "DROP TABLE half;"};
  EXPECT_TRUE(Migrator(sql, **dialect, {good, repaired}).Up().ok());
  EXPECT_TRUE(Tables().contains("half"));
}

TEST_F(MigrationTest, ADatabaseOfANewerProgramIsRefused) {
  const auto db = OpenDatabase();
  ASSERT_TRUE(db->MigrateUp().ok());
  soci::session sql(soci::sqlite3, "dbname=" + file_);
  sql << "INSERT INTO schema_migrations (name, applied_at) VALUES ('299901010000_future', 0)";
  EXPECT_EQ(db->MigrateUp().error().code, base::ErrorCode::kConflict);
  EXPECT_EQ(db->MigrateDown(1).error().code, base::ErrorCode::kConflict);
  const auto states = db->MigrationStatus();
  ASSERT_TRUE(states.ok());
  EXPECT_EQ(states->back().name, "299901010000_future");
  EXPECT_TRUE(states->back().applied);
}

}  // namespace
}  // namespace speechcoach::storage
