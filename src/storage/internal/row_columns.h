// SQL texts made of the columns that a row visits: `visit_all(visitor)` calls visitor(column name, member) for each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "storage/internal/dialect.h"

namespace speechcoach::storage {

// Columns of times; in a row, milliseconds since the epoch.
constexpr bool HoldsTime(std::string_view column) { return column == "created_at" || column == "completed_at"; }

// Each column's parameter bears its name.
inline std::string ColumnParameter(const Dialect& dialect, std::string_view column) {
  const std::string parameter = fmt::format(":{}", column);
  return HoldsTime(column) ? dialect.ToTime(parameter) : parameter;
}

// Booleans are read as 0 and 1.
inline std::string ColumnAsRead(const Dialect& dialect, std::string_view column) {
  if (HoldsTime(column)) return dialect.ToMilliseconds(column);
  return column.starts_with("was_") ? fmt::format("CAST({} AS INTEGER)", column) : std::string(column);
}

// "INSERT INTO table (a, b) VALUES (:a, :b)"
template <typename VisitAll>
std::string InsertText(const Dialect& dialect, std::string_view table, VisitAll visit_all) {
  std::vector<std::string> names;
  std::vector<std::string> parameters;
  visit_all([&](const char* name, const auto&) {
    names.emplace_back(name);
    parameters.push_back(ColumnParameter(dialect, name));
  });
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", table, fmt::join(names, ", "), fmt::join(parameters, ", "));
}

// "a = :a, b = :b"
template <typename VisitAll>
std::string AssignmentsText(const Dialect& dialect, VisitAll visit_all) {
  std::vector<std::string> assignments;
  visit_all([&](const char* name, const auto&) {
    assignments.push_back(fmt::format("{} = {}", name, ColumnParameter(dialect, name)));
  });
  return fmt::format("{}", fmt::join(assignments, ", "));
}

// "a, b", as they are read back
template <typename VisitAll>
std::string ColumnsText(const Dialect& dialect, VisitAll visit_all) {
  std::vector<std::string> columns;
  visit_all([&](const char* name, const auto&) { columns.push_back(ColumnAsRead(dialect, name)); });
  return fmt::format("{}", fmt::join(columns, ", "));
}

}  // namespace speechcoach::storage
