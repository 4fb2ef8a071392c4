#include "text/csv.h"

#include <algorithm>
#include <utility>

namespace speechcoach::text {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSeparators = ",;\t";
constexpr std::string_view kFormulaStarts = "=+-@\t\r";

char SeparatorOf(std::string_view text) {
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (c == '\n' || c == '\r') break;
    if (kSeparators.find(c) != std::string_view::npos) return c;
  }
  return kSeparators.front();
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), separator_(SeparatorOf(text)) {}

  Csv Read() {
    Csv csv;
    while (place_ < text_.size()) {
      CsvRow row{line_, {}};
      while (true) {
        if (!ReadCell(row)) {
          csv.broken_line = row.line;
          return csv;
        }
        if (place_ >= text_.size() || text_[place_] != separator_) break;
        ++place_;
      }
      EndLine();
      if (!std::ranges::all_of(row.cells, &std::string::empty)) csv.rows.push_back(std::move(row));
    }
    return csv;
  }

 private:
  bool IsEndOfLine() const { return place_ >= text_.size() || text_[place_] == '\n' || text_[place_] == '\r'; }

  // False for a quote that is not closed before the end, or followed by text.
  bool ReadCell(CsvRow& row) {
    std::string cell;
    if (place_ < text_.size() && text_[place_] == '"') {
      ++place_;
      while (true) {
        if (place_ >= text_.size()) return false;
        const char c = text_[place_++];
        if (c == '\n') ++line_;
        if (c != '"') {
          cell += c;
        } else if (place_ < text_.size() && text_[place_] == '"') {
          cell += text_[place_++];
        } else {
          break;
        }
      }
      if (!IsEndOfLine() && text_[place_] != separator_) return false;
    } else {
      while (!IsEndOfLine() && text_[place_] != separator_) cell += text_[place_++];
    }
    row.cells.push_back(std::move(cell));
    return true;
  }

  void EndLine() {
    if (place_ < text_.size() && text_[place_] == '\r') ++place_;
    if (place_ < text_.size() && text_[place_] == '\n') ++place_;
    ++line_;
  }

  const std::string_view text_;
  const char separator_;
  std::size_t place_ = 0;
  int line_ = 1;
};

std::string Quoted(const std::string& cell) {
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

Csv ReadCsv(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return Reader(text).Read();
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) line += ',';
    const bool is_formula = !cell.empty() && kFormulaStarts.find(cell.front()) != std::string_view::npos;
    const std::string shown = is_formula ? "'" + cell : cell;
    line += shown.find_first_of(",;\"\r\n\t") != std::string::npos ? Quoted(shown) : shown;
  }
  return line + "\r\n";
}

}  // namespace speechcoach::text
