// Tables as comma-separated values (RFC 4180), as spreadsheets read and write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::text {

struct CsvRow {
  int line = 0;  // where it begins, from 1
  std::vector<std::string> cells;
};

struct Csv {
  std::vector<CsvRow> rows;
  int broken_line =
      0;  // begins a row with a quote that never ends or has text behind it; nothing is read from there on. 0: none does
};

// Rows without any text are passed over. Cells are apart by the first of comma, semicolon and tab that the first line has outside quotes;
// a byte order mark is dropped; lines end as on any system.
Csv ReadCsv(std::string_view text);

// One line, ended by CR LF. A cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a return) gets an
// apostrophe in front: what a learner wrote is shown, never run (OWASP, "CSV injection").
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace speechcoach::text
