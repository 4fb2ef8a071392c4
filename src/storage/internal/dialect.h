// What differs between databases; everything else is one SQL text.
#pragma once

#include <string_view>

#include <soci/soci.h>

namespace speechcoach::storage {

// Thread-safe; functions throw soci::soci_error.
class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual void Connect(soci::session& sql) const = 0;

  // Begins a transaction that no other migration, in this process or another, runs beside.
  virtual void BeginMigration(soci::session& sql) const = 0;

  // Runs a text of many statements.
  virtual void ExecuteScript(soci::session& sql, std::string_view script) const = 0;

  // True where the database takes one writer at a time.
  virtual bool one_writer() const = 0;
};

}  // namespace speechcoach::storage
