#include "text/english_numbers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace speechcoach::text {
namespace {

using Words = std::vector<std::string>;

constexpr std::array<std::string_view, 20> kSmall{
    "zero", "one",    "two",    "three",    "four",     "five",    "six",     "seven",     "eight",    "nine",
    "ten",  "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<std::string_view, 10> kTens{"",      "",      "twenty",  "thirty", "forty",
                                                 "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr std::array<std::pair<long, std::string_view>, 3> kScales{
    {{1'000'000, "million"}, {1'000, "thousand"}, {100, "hundred"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kIrregularOrdinals{{{"one", "first"},
                                                                                           {"two", "second"},
                                                                                           {"three", "third"},
                                                                                           {"five", "fifth"},
                                                                                           {"eight", "eighth"},
                                                                                           {"nine", "ninth"},
                                                                                           {"twelve", "twelfth"}}};
constexpr std::size_t kLongestCardinal = 9;  // digits; longer figures (telephone numbers) are said one by one

bool AllDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

void Append(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

long ToNumber(std::string_view digits) {
  long value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

Words SpellCardinal(long value) {
  for (const auto& [scale, name] : kScales) {
    if (value < scale) continue;
    Words words = SpellCardinal(value / scale);
    words.emplace_back(name);
    if (value % scale != 0) Append(words, SpellCardinal(value % scale));
    return words;
  }
  if (value < 20) return {std::string(kSmall[value])};
  Words words{std::string(kTens[value / 10])};
  if (value % 10 != 0) words.emplace_back(kSmall[value % 10]);
  return words;
}

Words SpellDigits(std::string_view digits) {
  Words words;
  for (const char digit : digits) words.emplace_back(kSmall[digit - '0']);
  return words;
}

// 1100-1999 and 2010-2099 are said in pairs.
Words SpellYear(long year) {
  Words words = SpellCardinal(year / 100);
  const long rest = year % 100;
  if (rest == 0) {
    words.emplace_back("hundred");
  } else {
    if (rest < 10) words.emplace_back("oh");
    Append(words, SpellCardinal(rest));
  }
  return words;
}

Words SpellWhole(std::string_view digits, bool may_be_year) {
  if (digits.size() > kLongestCardinal || (digits.size() > 1 && digits.front() == '0')) return SpellDigits(digits);
  const long value = ToNumber(digits);
  const bool year = may_be_year && digits.size() == 4 && ((value >= 1100 && value < 2000) || (value >= 2010 && value < 2100));
  return year ? SpellYear(value) : SpellCardinal(value);
}

void MakeOrdinal(std::string& word) {
  const auto irregular = std::ranges::find(kIrregularOrdinals, word, &std::pair<std::string_view, std::string_view>::first);
  if (irregular != kIrregularOrdinals.end()) {
    word = irregular->second;
  } else if (word.ends_with('y')) {
    word.replace(word.size() - 1, 1, "ieth");
  } else {
    word += "th";
  }
}

void MakePlural(std::string& word) {
  if (word.ends_with('y')) {
    word.replace(word.size() - 1, 1, "ies");
  } else {
    word += "s";
  }
}

std::optional<Words> SpellClock(std::string_view hours, std::string_view minutes) {
  if (!AllDigits(hours) || hours.size() > 2 || !AllDigits(minutes) || minutes.size() != 2) return std::nullopt;
  Words words = SpellCardinal(ToNumber(hours));
  const long past = ToNumber(minutes);
  if (past == 0) {
    words.emplace_back("oclock");
  } else {
    if (past < 10) words.emplace_back("oh");
    Append(words, SpellCardinal(past));
  }
  return words;
}

std::string_view TakeCurrency(std::string_view& text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kSigns{{{"$", "dollar"}, {"£", "pound"}, {"€", "euro"}}};
  for (const auto& [sign, name] : kSigns) {
    if (!text.starts_with(sign)) continue;
    text.remove_prefix(sign.size());
    return name;
  }
  return {};
}

std::string_view TakeSuffix(std::string_view& text) {
  for (const std::string_view suffix : {"st", "nd", "rd", "th", "am", "pm", "s", "%"}) {
    if (!text.ends_with(suffix)) continue;
    text.remove_suffix(suffix.size());
    return suffix;
  }
  return {};
}

}  // namespace

std::optional<std::vector<std::string>> SpellNumber(std::string_view written) {
  const std::string_view currency = TakeCurrency(written);
  const std::string_view suffix = TakeSuffix(written);
  if (const auto colon = written.find(':'); colon != std::string_view::npos) {
    auto words = SpellClock(written.substr(0, colon), written.substr(colon + 1));
    if (words && (suffix == "am" || suffix == "pm")) words->emplace_back(suffix);
    return words;
  }

  std::string whole(written.substr(0, written.find('.')));
  const bool has_commas = std::erase(whole, ',') > 0;
  const std::string_view fraction = whole.size() < written.size() && written.find('.') != std::string_view::npos
                                        ? written.substr(written.find('.') + 1)
                                        : std::string_view{};
  if (!AllDigits(whole) || (!fraction.empty() && !AllDigits(fraction))) return std::nullopt;

  const bool bare = currency.empty() && (suffix.empty() || suffix == "s") && fraction.empty() && !has_commas;
  Words words = SpellWhole(whole, bare);
  if (!currency.empty()) {
    words.emplace_back(std::string(currency) + (whole == "1" ? "" : "s"));
    if (!fraction.empty()) Append(words, SpellWhole(fraction, false));
  } else if (!fraction.empty()) {
    words.emplace_back("point");
    Append(words, SpellDigits(fraction));
  }
  if (suffix == "%") {
    words.emplace_back("percent");
  } else if (suffix == "am" || suffix == "pm") {
    words.emplace_back(suffix);
  } else if (suffix == "s") {
    MakePlural(words.back());
  } else if (!suffix.empty()) {
    MakeOrdinal(words.back());
  }
  return words;
}

bool IsNumberWord(std::string_view word) {
  return std::ranges::find(kSmall, word) != kSmall.end() || (!word.empty() && std::ranges::find(kTens, word) != kTens.end()) ||
         std::ranges::find(kScales, word, &std::pair<long, std::string_view>::second) != kScales.end();
}

}  // namespace speechcoach::text
