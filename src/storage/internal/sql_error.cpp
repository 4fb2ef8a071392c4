#include "storage/internal/sql_error.h"

#include <algorithm>
#include <array>
#include <exception>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>
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

// Classes of PostgreSQL's error codes (its manual, appendix A).
bool HasClass(const std::string& state, std::string_view wanted) { return state.starts_with(wanted); }

// libpq gives no code where the connection itself failed; SOCI fills it with blanks.
bool IsLost(const std::string& state) {
  return state.find_first_not_of(std::string_view(" \0", 2)) == std::string::npos || HasClass(state, "08") ||
         HasClass(state, "57P");
}

bool IsCollision(const std::string& state) { return state == "40001" || state == "40P01"; }

// The tables are no longer as they were when the statement was prepared.
bool IsStale(const std::string& state) { return state == "0A000" || state == "26000"; }

base::ErrorCode CodeOf(const std::string& state) {
  if (HasClass(state, "23")) return base::ErrorCode::kConflict;
  constexpr std::array kUnavailable{"25006", "40", "53", "55", "57", "58", "XX"};
  const bool is_unavailable =
      IsLost(state) || std::ranges::any_of(kUnavailable, [&](const char* prefix) { return HasClass(state, prefix); });
  return is_unavailable ? base::ErrorCode::kStorageUnavailable : base::ErrorCode::kInternal;
}

std::string FirstLine(const std::string& message) { return message.substr(0, message.find('\n')); }

}  // namespace

base::Error CurrentExceptionToError() {
  try {
    throw;
  } catch (const soci::sqlite3_soci_error& fault) {
    const char* reason = sqlite_api::sqlite3_errstr(fault.result());
    return {CodeOf(fault), fmt::format("database: {} ({})", fault.get_error_message(), reason)};
  } catch (const soci::postgresql_soci_error& fault) {
    const std::string state = fault.sqlstate();
    // Class 22 quotes the value it could not take.
    const std::string reason = HasClass(state, "22") ? "a value it cannot take" : FirstLine(fault.get_error_message());
    return {CodeOf(state), fmt::format("database: {} ({})", reason, state)};
  } catch (const soci::soci_error& fault) {
    return {base::ErrorCode::kInternal, fmt::format("database: {}", fault.get_error_message())};
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kInternal, fmt::format("storage: {}", fault.what())};
  }
}

Remedy CurrentExceptionRemedy() {
  try {
    throw;
  } catch (const soci::postgresql_soci_error& fault) {
    const std::string state = fault.sqlstate();
    if (IsLost(state)) return Remedy::kReconnect;
    if (IsStale(state)) return Remedy::kPrepareAnew;
    return IsCollision(state) ? Remedy::kRepeat : Remedy::kNone;
  } catch (const std::exception&) {
    return Remedy::kNone;
  }
}

}  // namespace speechcoach::storage
