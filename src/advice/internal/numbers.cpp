#include "advice/internal/numbers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "advice/internal/tokens.h"

namespace speechcoach::advice {
namespace {

constexpr auto kSpelled = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"không", "0"}, {"một", "1"}, {"hai", "2"}, {"ba", "3"}, {"bốn", "4"}, {"năm", "5"}, {"sáu", "6"}, {"bảy", "7"}, {"tám", "8"}, {"chín", "9"},
    {"mười", "10"}, {"one", "1"}, {"two", "2"}, {"three", "3"}, {"four", "4"}, {"five", "5"}, {"six", "6"}, {"seven", "7"}, {"eight", "8"},
    {"nine", "9"}, {"ten", "10"},
});

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view After(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  return text.substr(std::min(at, text.size()));
}

bool SaysOfTen(std::string_view after) {
  constexpr auto kUnits = std::to_array<std::string_view>({"/10", "/ 10", "trên mười", "trên 10", "out of ten", "out of 10", "điểm", "points"});
  // "7/10 từ": so many of ten words.
  if (after.starts_with("/10 từ") || after.starts_with("/10 word")) return false;
  return std::ranges::any_of(kUnits, [&](std::string_view unit) { return after.starts_with(unit); });
}

std::string ClauseBefore(std::string_view text, std::size_t at) {
  // A comma between digits or words does not end what a score belongs to; a full stop, a semicolon and an exclamation mark do.
  const std::size_t start = text.substr(0, at).find_last_of(".!?;\n");
  return std::string(text.substr(start == std::string_view::npos ? 0 : start + 1, start == std::string_view::npos ? at : at - start - 1));
}

void FindDigits(std::string_view text, std::vector<Number>& numbers) {
  for (std::size_t at = 0; at < text.size();) {
    if (!IsDigit(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && (IsDigit(text[end]) || ((text[end] == '.' || text[end] == ',') && end + 1 < text.size() && IsDigit(text[end + 1])))) ++end;
    const bool scale = text.substr(0, at).ends_with("/") && text.substr(at, end - at) == "10";
    if (!scale) numbers.push_back({Canonical(text.substr(at, end - at)), SaysOfTen(After(text, end)), ClauseBefore(text, at)});
    at = end;
  }
}

// "chín điểm" alone may be nine things to work on; "đạt chín điểm" and "chín trên mười" are a score.
void FindSpelled(std::string_view text, std::vector<Number>& numbers) {
  constexpr auto kGiven = std::to_array<std::string_view>({"đạt ", "được ", "chấm ", "cho bạn "});
  for (const auto& [word, value] : kSpelled) {
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
      const bool starts = at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
      const std::string_view after = After(text, at + word.size());
      const std::string_view before = text.substr(0, at);
      const bool given = std::ranges::any_of(kGiven, [&](std::string_view verb) { return before.ends_with(verb); });
      const bool of_ten = SaysOfTen(after) && !after.starts_with("điểm") && !after.starts_with("points");
      const bool points = (after.starts_with("điểm") || after.starts_with("points") || after.starts_with("phẩy")) && given;
      if (starts && (of_ten || points)) numbers.push_back({std::string(value), true, ClauseBefore(text, at)});
    }
  }
}

}  // namespace

std::vector<Number> NumbersIn(std::string_view text) {
  const std::string lower = Lower(text);
  std::vector<Number> numbers;
  FindDigits(lower, numbers);
  FindSpelled(lower, numbers);
  return numbers;
}

std::string Canonical(std::string_view number) {
  std::string value(number);
  std::ranges::replace(value, ',', '.');
  if (value.find('.') != std::string::npos) {
    while (value.back() == '0') value.pop_back();
    if (value.back() == '.') value.pop_back();
  }
  return value;
}

}  // namespace speechcoach::advice
