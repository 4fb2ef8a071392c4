#include "advice/internal/numbers.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "advice/internal/tokens.h"

namespace speechcoach::advice {
namespace {

constexpr auto kSpelled = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"một", "1"},  {"hai", "2"},  {"ba", "3"},    {"bốn", "4"},   {"năm", "5"},  {"sáu", "6"},   {"bảy", "7"},
    {"tám", "8"},  {"chín", "9"}, {"mười", "10"}, {"one", "1"},   {"two", "2"},  {"three", "3"}, {"four", "4"},
    {"five", "5"}, {"six", "6"},  {"seven", "7"}, {"eight", "8"}, {"nine", "9"}, {"ten", "10"},
});

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view After(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  return text.substr(std::min(at, text.size()));
}

bool SaysOfTen(std::string_view after) {
  constexpr auto kUnits =
      std::to_array<std::string_view>({"/10", "/ 10", "trên mười", "trên 10", "out of ten", "out of 10", "điểm", "points"});
  // "7/10 từ": so many of ten words.
  if (after.starts_with("/10 từ") || after.starts_with("/10 word")) return false;
  return std::ranges::any_of(kUnits, [&](std::string_view unit) { return after.starts_with(unit); });
}

std::string ClauseBefore(std::string_view text, std::size_t at) {
  // A comma between digits or words does not end what a score belongs to; a full stop, a semicolon and an exclamation mark do.
  const std::size_t start = text.substr(0, at).find_last_of(".!?;\n");
  return std::string(
      text.substr(start == std::string_view::npos ? 0 : start + 1, start == std::string_view::npos ? at : at - start - 1));
}

void FindDigits(std::string_view text, std::vector<Number>& numbers) {
  for (std::size_t at = 0; at < text.size();) {
    if (!IsDigit(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() &&
           (IsDigit(text[end]) || ((text[end] == '.' || text[end] == ',') && end + 1 < text.size() && IsDigit(text[end + 1]))))
      ++end;
    const bool scale = text.substr(0, at).ends_with("/") && text.substr(at, end - at) == "10";
    if (!scale) numbers.push_back({Canonical(text.substr(at, end - at)), SaysOfTen(After(text, end)), ClauseBefore(text, at)});
    at = end;
  }
}

std::string ValueOf(std::string_view word) {
  const auto found = std::ranges::find(kSpelled, word, &std::pair<std::string_view, std::string_view>::first);
  return found == kSpelled.end() ? std::string() : std::string(found->second);
}

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// A sentence's words, with "" beyond its ends.
class Words {
 public:
  explicit Words(std::string_view sentence) : words_(WordsOf(sentence)) {}
  std::size_t size() const { return words_.size(); }
  std::string_view operator()(std::size_t at, int offset = 0) const {
    const std::size_t index = at + static_cast<std::size_t>(offset);
    return index < words_.size() ? std::string_view(words_[index]) : std::string_view();
  }
  bool HasAround(std::size_t at, int from, int to, std::initializer_list<std::string_view> words) const {
    for (int offset = from; offset <= to; ++offset) {
      if (IsOneOf((*this)(at, offset), words)) return true;
    }
    return false;
  }

 private:
  std::vector<std::string> words_;
};

// "ba điểm cần luyện" and "three points to work on" are things, no score.
bool IsScore(const Words& words, std::size_t at) {
  if (IsOneOf(words(at, 1), {"trên"}) && IsOneOf(words(at, 2), {"mười", "10"})) return true;
  if (words(at, 1) == "out" && words(at, 2) == "of" && IsOneOf(words(at, 3), {"ten", "10"})) return true;
  if (IsOneOf(words(at, -1), {"điểm"})) return true;
  if (IsOneOf(words(at, -1), {"of"}) && IsOneOf(words(at, -2), {"score", "mark", "rating", "grade"})) return true;
  const int unit = IsOneOf(words(at, 1), {"rưỡi", "phẩy", "and"}) ? (words(at, 1) == "rưỡi" ? 2 : 3) : 1;
  if (words(at, unit) == "điểm" || (unit > 1 && IsOneOf(words(at, 1), {"phẩy"}))) {
    return !IsOneOf(words(at, unit + 1), {"cần", "để", "nên", "mạnh", "yếu", "chính", "sau", "này", "hay", "tốt", "nhỏ", "đáng",
                                          "sáng", "khác", "nữa", "dừng"});
  }
  if (IsOneOf(words(at, unit), {"points", "marks", "stars"}))
    return !IsOneOf(words(at, unit + 1), {"to", "that", "worth", "which", "you"});
  return IsOneOf(words(at), {"ten", "nine", "eight"}) && IsOneOf(words(at, -1), {"a", "perfect"});
}

// An amount of what was measured, not one that is only advice ("đọc lại ba lần").
bool IsCount(const Words& words, std::size_t at) {
  constexpr auto kWrong = std::to_array<std::string_view>({"sai", "nhầm", "thiếu", "sót", "bỏ", "vấp", "lâu", "ngừng", "ngắt",
                                                           "mất", "wrong", "missed", "skipped", "misread", "paused", "mistakes"});
  const auto is_wrong_around = [&](int from, int to) {
    for (int offset = from; offset <= to; ++offset) {
      if (std::ranges::find(kWrong, words(at, offset)) != kWrong.end()) return true;
    }
    return false;
  };
  if (words(at, 1) == "khoảng" && words(at, 2) == "lặng") return true;
  if (IsOneOf(words(at, 1), {"pauses", "mistakes", "lỗi"}) || (words(at, 1) == "long" && words(at, 2) == "pauses")) return true;
  if (IsOneOf(words(at, 1), {"từ", "âm", "chỗ", "words", "sounds"})) return is_wrong_around(-3, -1) || is_wrong_around(2, 5);
  return IsOneOf(words(at, 1), {"lần", "giây", "times", "seconds"}) && is_wrong_around(-3, -1);
}

// "một" and "one" are articles more often than figures.
void FindSpelled(std::string_view text, std::vector<Number>& numbers) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(".!?;\n", begin), text.size());
    const std::string_view sentence = text.substr(begin, end - begin);
    const Words words(sentence);
    for (std::size_t at = 0; at < words.size(); ++at) {
      const std::string value = ValueOf(words(at));
      if (value.empty()) continue;
      if (IsScore(words, at)) {
        // Half points are spelled in many ways; none of them is how a figure's name is written.
        const bool is_whole = !IsOneOf(words(at, 1), {"rưỡi", "phẩy", "and"});
        if (value != "1") numbers.push_back({is_whole ? value : value + " and a half", true, std::string(sentence)});
      } else if (value != "1" && IsCount(words, at)) {
        numbers.push_back({value, false, std::string(sentence)});
      }
    }
    begin = end + 1;
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
