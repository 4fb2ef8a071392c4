// For tests: a folder and a database that are gone afterwards.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

#include "base/id.h"
#include "storage/database.h"

namespace speechcoach::storage {

// An empty folder under the system's folder for temporary files, removed with all it holds.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "speechcoach-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A database with all migrations and one user: a SQLite file, or a database of its own on the PostgreSQL server that
// SPEECHCOACH_TEST_POSTGRESQL names (tests/support/with_postgresql.py sets it). Throws where something fails.
class TemporaryDatabase {
 public:
  explicit TemporaryDatabase(int pool_size = 4) : pool_size_(pool_size), url_(NewUrl()) {
    Reopen();
    if (!db_->MigrateUp().ok()) throw std::runtime_error("migrations failed");
    model::User user;
    user.name = "Lan";
    user_id_ = db_->users().Create(user).value().id;
  }

  Database& operator*() { return *db_; }
  Database* operator->() { return db_.get(); }
  const std::string& url() const { return url_; }
  std::filesystem::path file() const { return folder_.path() / "test.db"; }  // of SQLite
  std::int64_t user_id() const { return user_id_; }

  // As a new start of the program would find it. Repositories taken before are gone.
  void Reopen() {
    db_.reset();
    db_ = std::move(Database::Open({.url = url_, .pool_size = pool_size_}).value());
  }

  // One of the user, not stored.
  model::Session NewSession(std::int64_t created_at_ms = 1'000) const {
    model::Session session;
    session.id = base::NewUuid();
    session.user_id = user_id_;
    session.created_at_ms = created_at_ms;
    return session;
  }

  // The id of a stored one.
  std::string AddSession() {
    const model::Session session = NewSession();
    if (!db_->sessions().Create(session).ok()) throw std::runtime_error("no session");
    return session.id;
  }

 private:
  std::string NewUrl() const {
    const char* server = std::getenv("SPEECHCOACH_TEST_POSTGRESQL");
    if (server == nullptr) return "sqlite:" + file().string();
    const std::string address = server;
    const std::string name = "test_" + base::RandomHex(16);
    // Without the server's other databases' locks and settings; dropped with the server.
    const std::string command = "psql '" + address + "' -qc 'CREATE DATABASE " + name + "'";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("no database on the PostgreSQL server");
    return address.substr(0, address.rfind('/') + 1) + name;
  }

  const TemporaryFolder folder_;
  const int pool_size_;
  const std::string url_;
  std::unique_ptr<Database> db_;
  std::int64_t user_id_ = 0;
};

}  // namespace speechcoach::storage
