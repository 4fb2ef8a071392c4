#include "storage/internal/sqlite_dialect.h"

#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "storage/internal/private_folder.h"

namespace speechcoach::storage {
namespace {

class SqliteDialect final : public Dialect {
 public:
  explicit SqliteDialect(std::string path) : path_(std::move(path)) {}

  void Connect(soci::session& sql) const override {
    sql.open(soci::sqlite3, fmt::format("dbname=\"{}\" timeout=5", path_));
    sql << "PRAGMA journal_mode = WAL";
    // Every commit reaches the disk before it is acknowledged, also through a power cut.
    sql << "PRAGMA synchronous = FULL";
    sql << "PRAGMA foreign_keys = ON";
  }

  bool WasClosed(soci::session&) const override { return false; }

  // Takes the write lock at once: a transaction that reads first and writes later can find that it may not write.
  void BeginMigration(soci::session& sql) const override { sql << "BEGIN IMMEDIATE"; }

  void BeginUnsynced(soci::session& sql) const override { ExecuteScript(sql, "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE"); }
  void EndUnsynced(soci::session& sql) const override { ExecuteScript(sql, "PRAGMA synchronous = FULL"); }

  void ExecuteScript(soci::session& sql, std::string_view script) const override {
    sqlite_api::sqlite3* connection = static_cast<soci::sqlite3_session_backend*>(sql.get_backend())->conn_;
    const std::string text(script);
    const int result = sqlite_api::sqlite3_exec(connection, text.c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) throw soci::sqlite3_soci_error(sqlite_api::sqlite3_errmsg(connection), result);
  }

  bool one_writer() const override { return true; }

  // Times are whole milliseconds since the epoch, UTC.
  ColumnTypes column_types() const override { return {"INTEGER PRIMARY KEY AUTOINCREMENT", "INTEGER", "BIGINT", "TEXT", "TEXT"}; }
  std::string ToTime(std::string_view milliseconds) const override { return std::string(milliseconds); }
  std::string ToMilliseconds(std::string_view time) const override { return std::string(time); }

 private:
  const std::string path_;
};

// SQLite would make the file readable by everyone; its -wal and -shm files take over the file's mode.
base::Status MakePrivateFile(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return FileError("open the database file", path, errno);
  ::close(descriptor);
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Dialect>> MakeSqliteDialect(const std::string& path) {
  if (path.empty()) return {base::ErrorCode::kBadConfig, "database.url names no file"};
  if (path.find('"') != std::string::npos)
    return {base::ErrorCode::kBadConfig, "database.url: a path with \" in it cannot be opened"};
  // An absolute path is never taken for one of SQLite's special names (":memory:", "file:...").
  const std::filesystem::path absolute = std::filesystem::absolute(path).lexically_normal();
  if (const base::Status made = MakePrivateFolder(absolute.parent_path()); !made.ok()) return made.error();
  if (const base::Status made = MakePrivateFile(absolute); !made.ok()) return made.error();
  return std::unique_ptr<Dialect>(std::make_unique<SqliteDialect>(absolute));
}

}  // namespace speechcoach::storage
