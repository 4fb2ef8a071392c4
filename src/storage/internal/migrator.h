// Brings the tables to the form this program expects, and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <soci/soci.h>

#include "base/result.h"
#include "storage/database.h"
#include "storage/internal/dialect.h"

namespace speechcoach::storage {

struct Migration {
  std::string_view name;  // "202611221630_users"; they run in the order of their names
  std::string_view up;    // SQL, with column types as Dialect::column_types names them
  std::string_view down;
};

// Those inside the program, by name.
std::vector<Migration> EmbeddedMigrations();

// One pass of work on one connection. Each migration is one transaction that no other process migrates beside, so several
// processes may start at once. Throws soci::soci_error.
class Migrator {
 public:
  Migrator(soci::session& sql, const Dialect& dialect, std::vector<Migration> migrations);

  // Errors: kConflict where the database holds a migration this program does not know (a newer program made it).
  base::Status Up();
  base::Status Down(int steps);
  std::vector<MigrationState> Status();  // unknown ones too, by name

 private:
  enum class Step { kDone, kNothingLeft };
  base::Result<Step> UpOne();
  base::Result<Step> DownOne();
  std::vector<std::string> Applied();  // by name
  base::Status RefuseUnknown(const std::vector<std::string>& applied) const;

  soci::session& sql_;
  const Dialect& dialect_;
  const std::vector<Migration> migrations_;
};

}  // namespace speechcoach::storage
