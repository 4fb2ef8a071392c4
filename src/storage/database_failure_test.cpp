#include <csignal>
#include <fstream>
#include <iterator>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "storage/file_size_limit.h"
#include "storage/internal/sql_error.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

using ::testing::HasSubstr;

mode_t ModeOf(const std::filesystem::path& path) {
  struct stat status = {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

TEST(DatabaseOpenTest, RefusesUrlsItCannotUse) {
  for (const char* url : {"", "sqlite:", "postgresql://[::1/x", "mysql://localhost/x", "/tmp/x.db", "sqlite:/tmp/a\"b.db"}) {
    EXPECT_EQ(Database::Open({.url = url}).error().code, base::ErrorCode::kBadConfig) << url;
  }
}

TEST(DatabaseOpenTest, MakesPrivateFoldersAndFiles) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "a" / "b c=d" / "the data.db";
  const auto db = Database::Open({.url = "sqlite:" + file.string()});
  ASSERT_TRUE(db.ok()) << db.error().message;
  ASSERT_TRUE((*db)->MigrateUp().ok());
  EXPECT_EQ(ModeOf(folder.path() / "a"), 0700u);
  EXPECT_EQ(ModeOf(file.parent_path()), 0700u);
  EXPECT_EQ(ModeOf(file), 0600u);
  EXPECT_EQ(ModeOf(file.string() + "-wal"), 0600u);
}

TEST(DatabaseOpenTest, AParentThatIsAFileIsAnError) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "x";
  const auto db = Database::Open({.url = "sqlite:" + (folder.path() / "file" / "x.db").string()});
  EXPECT_EQ(db.error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_EQ(Database::Open({.url = "sqlite:" + folder.path().string()}).error().code, base::ErrorCode::kStorageUnavailable);
}

TEST(DatabaseOpenTest, AFileThatIsNoDatabaseIsNamedInTheError) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "notes.txt").string();
  std::ofstream(file) << std::string(10'000, 'x');
  const auto db = Database::Open({.url = "sqlite:" + file});
  ASSERT_FALSE(db.ok());
  EXPECT_EQ(db.error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_THAT(db.error().message, HasSubstr(file));
  EXPECT_THAT(db.error().message, HasSubstr("not a database"));
}

TEST(DatabaseFailureTest, ADamagedFileIsAnErrorNotACrash) {
  TemporaryDatabase db;
  ASSERT_TRUE(db->SeedSentences().ok());
  const std::string text = db->sentences().List({})->front().text;
  db.Reopen();  // moves all pages from the log into the file
  {
    std::fstream file(db.file(), std::ios::binary | std::ios::in | std::ios::out);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    constexpr std::size_t kPageBytes = 4096;
    const std::size_t page = bytes.find(text) / kPageBytes * kPageBytes;
    file.seekp(static_cast<std::streamoff>(page));
    file << std::string(kPageBytes, '\xa5');
  }
  db.Reopen();
  const auto sentences = db->sentences().List({});
  ASSERT_FALSE(sentences.ok());
  EXPECT_EQ(sentences.error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_THAT(sentences.error().message, HasSubstr("malformed"));
}

TEST(DatabaseFailureTest, AFullDiskIsAnErrorAndLosesNothing) {
  TemporaryDatabase db;
  const std::string kept = db.AddSession();
  model::Session big = db.NewSession();
  big.reference_text = std::string(4'000'000, 'x');
  {
    const FileSizeLimit limit(2'000'000);
    EXPECT_EQ(db->sessions().Create(big).error().code, base::ErrorCode::kStorageUnavailable);
    EXPECT_TRUE(db->sessions().Get(kept).ok());
  }
  EXPECT_FALSE(db->sessions().Get(big.id).ok());
  EXPECT_TRUE(db->sessions().Create(big).ok());
  EXPECT_TRUE(db->sessions().Get(kept).ok());
}

TEST(DatabaseFailureTest, ALockedDatabaseIsUnavailable) {
  const TemporaryDatabase db;
  soci::session holder(soci::sqlite3, "dbname=" + db.file().string());
  holder << "BEGIN IMMEDIATE";
  soci::session other(soci::sqlite3, "dbname=" + db.file().string());
  try {
    other << "DELETE FROM jobs";
    FAIL() << "two writers at once";
  } catch (...) {
    EXPECT_EQ(CurrentExceptionToError().code, base::ErrorCode::kStorageUnavailable);
  }
}

// A writer is killed without warning; each session it reported is there afterwards.
TEST(DatabaseFailureTest, WhatWasAcknowledgedSurvivesAKill) {
  TemporaryDatabase db;
  const model::Session pattern = db.NewSession();
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t writer = ::fork();
  ASSERT_GE(writer, 0);
  if (writer == 0) {
    const auto own = Database::Open({.url = "sqlite:" + db.file().string(), .pool_size = 1});
    model::Session session = pattern;
    while (true) {
      session.id = base::NewUuid();
      if (!(*own)->sessions().Create(session).ok()) ::_exit(1);
      if (::write(ends[1], session.id.data(), session.id.size()) < 0) ::_exit(1);
    }
  }
  ::close(ends[1]);
  std::vector<std::string> acknowledged;
  std::string id(36, '\0');
  while (acknowledged.size() < 50 && ::read(ends[0], id.data(), id.size()) == static_cast<ssize_t>(id.size()))
    acknowledged.push_back(id);
  ::kill(writer, SIGKILL);
  while (::read(ends[0], id.data(), id.size()) == static_cast<ssize_t>(id.size())) acknowledged.push_back(id);
  int status = 0;
  ::waitpid(writer, &status, 0);
  ::close(ends[0]);
  ASSERT_TRUE(WIFSIGNALED(status));
  db.Reopen();
  for (const std::string& each : acknowledged) EXPECT_TRUE(db->sessions().Get(each).ok());
  EXPECT_GE(acknowledged.size(), 50u);
}

}  // namespace
}  // namespace speechcoach::storage
