#include "api/http/text.h"

#include <algorithm>
#include <charconv>

namespace speechcoach::api {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = Lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool HasParentSegment(std::string_view path) {
  std::size_t start = 0;
  while (start <= path.size()) {
    const std::size_t slash = std::min(path.find('/', start), path.size());
    if (path.substr(start, slash - start) == "..") return true;
    start = slash + 1;
  }
  return false;
}

bool HasEncodedSlash(std::string_view path) {
  for (std::size_t i = 0; i + 2 < path.size(); ++i) {
    if (path[i] == '%' && path[i + 1] == '2' && Lower(path[i + 2]) == 'f') return true;
  }
  return false;
}

}  // namespace

bool EqualIgnoringCase(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, Lower, Lower); }

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> SplitList(std::string_view text, char separator) {
  std::vector<std::string_view> items;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    if (const std::string_view item = Trim(text.substr(start, end - start)); !item.empty()) items.push_back(item);
    start = end + 1;
  }
  return items;
}

std::optional<std::int64_t> ParseNumber(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.starts_with('-')) return std::nullopt;
  return value;
}

std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = HexValue(text[i + 1]);
      const int low = HexValue(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::optional<Target> ParseTarget(std::string_view target) {
  target = target.substr(0, target.find('#'));
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::string_view raw_path = target.substr(0, mark);
  if (!raw_path.starts_with('/') || HasEncodedSlash(raw_path)) return std::nullopt;
  const auto path = PercentDecode(raw_path, false);
  if (!path || path->find('\0') != std::string::npos || path->find('\\') != std::string::npos || HasParentSegment(*path)) {
    return std::nullopt;
  }
  Target parsed{*path, {}};
  if (mark == target.size()) return parsed;
  for (const std::string_view pair : SplitList(target.substr(mark + 1), '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = PercentDecode(pair.substr(0, equals), true);
    const auto value = equals < pair.size() ? PercentDecode(pair.substr(equals + 1), true) : std::string();
    if (!name || !value) return std::nullopt;
    parsed.query[*name] = *value;
  }
  return parsed;
}

std::string MediaType(std::string_view content_type) {
  std::string type(Trim(content_type.substr(0, content_type.find(';'))));
  std::ranges::transform(type, type.begin(), Lower);
  return type;
}

std::optional<std::string> FieldParameter(std::string_view field, std::string_view name) {
  std::size_t at = std::min(field.find(';'), field.size());
  while (at < field.size()) {
    ++at;
    const std::size_t equals = field.find_first_of("=;", at);
    if (equals == std::string_view::npos) return std::nullopt;
    if (field[equals] == ';') {
      at = equals;
      continue;
    }
    const bool is_wanted = EqualIgnoringCase(Trim(field.substr(at, equals - at)), name);
    std::string value;
    at = equals + 1;
    while (at < field.size() && (field[at] == ' ' || field[at] == '\t')) ++at;
    if (at < field.size() && field[at] == '"') {
      for (++at; at < field.size() && field[at] != '"'; ++at) {
        if (field[at] == '\\' && at + 1 < field.size()) ++at;
        value += field[at];
      }
      if (at == field.size()) return std::nullopt;
      at = std::min(field.find(';', at), field.size());
    } else {
      const std::size_t end = std::min(field.find(';', at), field.size());
      value = Trim(field.substr(at, end - at));
      at = end;
    }
    if (is_wanted) return value;
  }
  return std::nullopt;
}

}  // namespace speechcoach::api
