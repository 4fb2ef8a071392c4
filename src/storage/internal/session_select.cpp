#include "storage/internal/session_select.h"

#include <fmt/format.h>

#include "storage/internal/row_columns.h"

namespace speechcoach::storage {

std::string SessionSelectText(const Dialect& dialect, std::string_view conditions) {
  const SessionRow row;
  const std::string columns = ColumnsText(dialect, [&](auto visitor) { VisitStoredColumns(row, visitor); });
  return fmt::format("SELECT {} FROM speech_practice_sessions WHERE {}", columns, conditions);
}

void IntoStored(SessionRow& row, Statement& statement) {
  VisitStoredColumns(row, [&](const char*, auto& value) { statement.Into(value); });
}

std::string SummarySelectText(const Dialect& dialect, std::string_view conditions) {
  const SessionRow row;
  const std::string columns = ColumnsText(dialect, [&](auto visitor) { VisitSummaryColumns(row, visitor); });
  return fmt::format("SELECT {} FROM speech_practice_sessions WHERE {}", columns, conditions);
}

void IntoSummary(SessionRow& row, Statement& statement) {
  VisitSummaryColumns(row, [&](const char*, auto& value) { statement.Into(value); });
}

}  // namespace speechcoach::storage
