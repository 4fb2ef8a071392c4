// For tests: a connection past the product's code.
#pragma once

#include <string>

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "storage/internal/postgresql_dialect.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {

inline bool IsPostgresql(const TemporaryDatabase& db) { return db.url().starts_with("postgresql:"); }

inline void OpenSql(const TemporaryDatabase& db, soci::session& sql) {
  if (IsPostgresql(db)) {
    (*MakePostgresqlDialect(db.url()))->Connect(sql);
  } else {
    sql.open(soci::sqlite3, "dbname=" + db.file().string());
  }
}

}  // namespace speechcoach::storage
