// What differs between databases; everything else is one SQL text.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <soci/soci.h>

namespace speechcoach::storage {

struct ColumnTypes {
  std::string_view identity;  // a table's own number; that of a deleted row is never given to another
  std::string_view id;        // another row's number
  std::string_view time;
  std::string_view date;  // "2026-11-22"
  std::string_view json;
};

// Thread-safe; functions throw soci::soci_error.
class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual void Connect(soci::session& sql) const = 0;

  // True where the server has closed the connection while nobody used it; asks nobody.
  virtual bool WasClosed(soci::session& sql) const = 0;

  // Begins a transaction that no other migration, in this process or another, runs beside.
  virtual void BeginMigration(soci::session& sql) const = 0;

  // Begins a transaction whose commit outlives this program at once, but a power cut only a moment later; the connection is
  // as before after EndUnsynced, which follows the commit or the rollback.
  virtual void BeginUnsynced(soci::session& sql) const = 0;
  virtual void EndUnsynced(soci::session& sql) const = 0;

  // Runs a text of many statements.
  virtual void ExecuteScript(soci::session& sql, std::string_view script) const = 0;

  // True where the database takes one writer at a time.
  virtual bool one_writer() const = 0;

  // What migrations write as $IDENTITY, $ID, $TIME, $DATE and $JSON; $AT(milliseconds since the epoch) is a time.
  virtual ColumnTypes column_types() const = 0;

  // SQL that turns milliseconds since the epoch (`:parameter`) into what a column of times holds, and such a column into
  // milliseconds again. The column stays bare wherever rows are compared or ordered by it, so that an index serves.
  virtual std::string ToTime(std::string_view milliseconds) const = 0;
  virtual std::string ToMilliseconds(std::string_view time) const = 0;
};

}  // namespace speechcoach::storage
