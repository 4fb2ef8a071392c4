// A transaction for counts and logs that are written often: nothing of it is lost when this program is killed, the last ones may be
// when the machine loses power. Spares the caller the disk's round trip.
#pragma once

#include <soci/soci.h>

#include "storage/internal/dialect.h"

namespace speechcoach::storage {

// Rolls back unless committed. Throws soci::soci_error.
class UnsyncedTransaction {
 public:
  UnsyncedTransaction(soci::session& sql, const Dialect& dialect) : sql_(sql), dialect_(dialect) { dialect_.BeginUnsynced(sql_); }
  ~UnsyncedTransaction() {
    if (is_over_) return;
    try {
      sql_ << "ROLLBACK";
    } catch (const soci::soci_error&) {
      // The database has rolled back by itself, or the connection is lost and what was not committed with it.
    }
    try {
      dialect_.EndUnsynced(sql_);
    } catch (const soci::soci_error&) {
      // The connection is lost.
    }
  }
  UnsyncedTransaction(const UnsyncedTransaction&) = delete;
  UnsyncedTransaction& operator=(const UnsyncedTransaction&) = delete;

  void Commit() {
    sql_ << "COMMIT";
    is_over_ = true;
    dialect_.EndUnsynced(sql_);
  }

 private:
  soci::session& sql_;
  const Dialect& dialect_;
  bool is_over_ = false;
};

}  // namespace speechcoach::storage
