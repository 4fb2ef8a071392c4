#include "storage/internal/sql_error.h"

#include <exception>
#include <string>

#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace speechcoach::storage {
namespace {

base::ErrorCode CodeOf(const soci::sqlite3_soci_error& fault) {
  constexpr int kPrimaryCodeMask = 0xff;
  switch (fault.result() & kPrimaryCodeMask) {
    case SQLITE_CONSTRAINT:
      return base::ErrorCode::kConflict;
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return base::ErrorCode::kInternal;
    default:
      return base::ErrorCode::kStorageUnavailable;
  }
}

}  // namespace

base::Error CurrentExceptionToError() {
  try {
    throw;
  } catch (const soci::sqlite3_soci_error& fault) {
    const char* reason = sqlite_api::sqlite3_errstr(fault.result());
    return {CodeOf(fault), fmt::format("database: {} ({})", fault.get_error_message(), reason)};
  } catch (const soci::soci_error& fault) {
    return {base::ErrorCode::kInternal, fmt::format("database: {}", fault.get_error_message())};
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kInternal, fmt::format("storage: {}", fault.what())};
  }
}

}  // namespace speechcoach::storage
