#include "llm/text/close_json.h"

namespace speechcoach::llm {
namespace {

// What of the document is whole up to some place: that much of the text, then these closing brackets.
struct Whole {
  std::size_t length = 0;
  std::string closers;
};

}  // namespace

std::optional<std::string> CloseJson(std::string_view cut) {
  std::string closers;  // innermost last
  Whole whole;
  bool in_string = false;
  bool is_key = false;
  bool after_colon = false;
  std::size_t scalar_start = std::string_view::npos;

  const auto value_ended_at = [&](std::size_t end) { whole = {end, {closers.rbegin(), closers.rend()}}; };
  for (std::size_t i = 0; i < cut.size(); ++i) {
    const char c = cut[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
        if (!is_key) value_ended_at(i + 1);
      }
      continue;
    }
    const bool is_delimiter = c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (is_delimiter && scalar_start != std::string_view::npos) {
      value_ended_at(i);
      scalar_start = std::string_view::npos;
    }
    switch (c) {
      case '{':
      case '[':
        if (closers.empty() && c == '[') return std::nullopt;
        closers += c == '{' ? '}' : ']';
        after_colon = false;
        break;
      case '}':
      case ']':
        if (closers.empty() || closers.back() != c) return std::nullopt;
        closers.pop_back();
        value_ended_at(i + 1);
        if (closers.empty()) return std::string(cut.substr(0, i + 1));
        break;
      case '"':
        if (closers.empty()) return std::nullopt;
        in_string = true;
        is_key = closers.back() == '}' && !after_colon;
        after_colon = false;
        break;
      case ':':
        after_colon = true;
        break;
      case ',':
        after_colon = false;
        break;
      default:
        if (closers.empty() && !is_delimiter) return std::nullopt;
        if (!is_delimiter && scalar_start == std::string_view::npos) {
          scalar_start = i;
          after_colon = false;
        }
        break;
    }
  }
  if (whole.length == 0) return std::nullopt;
  return std::string(cut.substr(0, whole.length)) + whole.closers;
}

}  // namespace speechcoach::llm
