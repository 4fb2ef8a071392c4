#include "storage/internal/session_select.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace speechcoach::storage {

std::string SessionSelectText(const Dialect& dialect, std::string_view conditions) {
  const SessionRow row;
  std::vector<std::string> columns;
  VisitStoredColumns(row, [&](const char* name, const auto&) { columns.push_back(HoldsTime(name) ? dialect.ToMilliseconds(name) : name); });
  return fmt::format("SELECT {} FROM speech_practice_sessions WHERE {}", fmt::join(columns, ", "), conditions);
}

void IntoStored(SessionRow& row, Statement& statement) {
  VisitStoredColumns(row, [&](const char*, auto& value) { statement.Into(value); });
}

}  // namespace speechcoach::storage
