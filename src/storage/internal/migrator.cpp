#include "storage/internal/migrator.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/clock.h"
#include "storage/internal/embedded_files.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

constexpr std::string_view kUpEnding = ".sql";
constexpr std::string_view kDownEnding = ".down.sql";

// Rolled back unless committed.
class MigrationTransaction {
 public:
  MigrationTransaction(soci::session& sql, const Dialect& dialect) : sql_(sql) {
    dialect.BeginMigration(sql_);
    sql_ << "CREATE TABLE IF NOT EXISTS schema_migrations (name VARCHAR(100) PRIMARY KEY, applied_at BIGINT NOT NULL)";
  }
  ~MigrationTransaction() {
    if (committed_) return;
    try {
      sql_.rollback();
    } catch (const std::exception&) {
      // The database has rolled back by itself; the error that led here is the one to report.
    }
  }
  MigrationTransaction(const MigrationTransaction&) = delete;
  MigrationTransaction& operator=(const MigrationTransaction&) = delete;

  void Commit() {
    sql_.commit();
    committed_ = true;
  }

 private:
  soci::session& sql_;
  bool committed_ = false;
};

// The script in the database's own words.
std::string InDialect(std::string_view script, const Dialect& dialect) {
  const ColumnTypes types = dialect.column_types();
  std::string text(script);
  // $IDENTITY before $ID, which begins it.
  for (const auto& [name, type] : {std::pair<std::string_view, std::string_view>{"$IDENTITY", types.identity},
                                   {"$ID", types.id},
                                   {"$TIME", types.time},
                                   {"$DATE", types.date},
                                   {"$JSON", types.json}}) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + type.size()))
      text.replace(at, name.size(), type);
  }
  constexpr std::string_view kAt = "$AT(";
  for (std::size_t at = text.find(kAt); at != std::string::npos; at = text.find(kAt, at)) {
    const std::size_t close = text.find(')', at);
    const std::size_t inside = at + kAt.size();
    text.replace(at, close + 1 - at, dialect.ToTime(text.substr(inside, close - inside)));
  }
  return text;
}

}  // namespace

std::vector<Migration> EmbeddedMigrations() {
  std::map<std::string_view, Migration> by_name;
  for (const EmbeddedFile& file : EmbeddedFiles()) {
    const bool is_down = file.name.ends_with(kDownEnding);
    if (!is_down && !file.name.ends_with(kUpEnding)) continue;
    const std::string_view name = file.name.substr(0, file.name.size() - (is_down ? kDownEnding : kUpEnding).size());
    Migration& migration = by_name[name];
    migration.name = name;
    (is_down ? migration.down : migration.up) = file.content;
  }
  std::vector<Migration> migrations;
  for (const auto& [name, migration] : by_name) migrations.push_back(migration);
  return migrations;
}

Migrator::Migrator(soci::session& sql, const Dialect& dialect, std::vector<Migration> migrations)
    : sql_(sql), dialect_(dialect), migrations_(std::move(migrations)) {}

base::Status Migrator::Up() {
  while (true) {
    const base::Result<Step> step = UpOne();
    if (!step.ok()) return step.error();
    if (*step == Step::kNothingLeft) return {};
  }
}

base::Status Migrator::Down(int steps) {
  for (int i = 0; i < steps; ++i) {
    const base::Result<Step> step = DownOne();
    if (!step.ok()) return step.error();
    if (*step == Step::kNothingLeft) return {};
  }
  return {};
}

base::Result<Migrator::Step> Migrator::UpOne() {
  MigrationTransaction transaction(sql_, dialect_);
  const std::vector<std::string> applied = Applied();
  if (const base::Status known = RefuseUnknown(applied); !known.ok()) return known.error();
  const auto missing = std::ranges::find_if(
      migrations_, [&](const Migration& migration) { return !std::ranges::binary_search(applied, migration.name); });
  if (missing == migrations_.end()) return Step::kNothingLeft;
  dialect_.ExecuteScript(sql_, InDialect(missing->up, dialect_));
  const std::string name(missing->name);
  const long long now_ms = base::SystemClock().NowMs();
  Statement(sql_, "INSERT INTO schema_migrations (name, applied_at) VALUES (:name, :applied_at)")
      .Use("name", name)
      .Use("applied_at", now_ms)
      .Execute();
  transaction.Commit();
  return Step::kDone;
}

base::Result<Migrator::Step> Migrator::DownOne() {
  MigrationTransaction transaction(sql_, dialect_);
  const std::vector<std::string> applied = Applied();
  if (const base::Status known = RefuseUnknown(applied); !known.ok()) return known.error();
  if (applied.empty()) return Step::kNothingLeft;
  const std::string& name = applied.back();
  dialect_.ExecuteScript(sql_, std::ranges::find(migrations_, name, &Migration::name)->down);
  Statement(sql_, "DELETE FROM schema_migrations WHERE name = :name").Use("name", name).Execute();
  transaction.Commit();
  return Step::kDone;
}

std::vector<MigrationState> Migrator::Status() {
  const MigrationTransaction transaction(sql_, dialect_);
  std::map<std::string, bool> states;
  for (const Migration& migration : migrations_) states.emplace(migration.name, false);
  for (const std::string& name : Applied()) states[name] = true;
  std::vector<MigrationState> answer;
  for (const auto& [name, applied] : states) answer.push_back({name, applied});
  return answer;
}

std::vector<std::string> Migrator::Applied() {
  std::vector<std::string> names;
  std::string name;
  Statement statement(sql_, "SELECT name FROM schema_migrations ORDER BY name");
  for (bool more = statement.Into(name).Execute(); more; more = statement.Next()) names.push_back(name);
  return names;
}

base::Status Migrator::RefuseUnknown(const std::vector<std::string>& applied) const {
  for (const std::string& name : applied) {
    if (std::ranges::find(migrations_, name, &Migration::name) == migrations_.end()) {
      return {base::ErrorCode::kConflict,
              fmt::format("the database was made by a newer version of this program (it holds {})", name)};
    }
  }
  return {};
}

}  // namespace speechcoach::storage
