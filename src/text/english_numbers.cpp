#include "text/english_numbers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace speechcoach::text {
namespace {

using Words = std::vector<std::string>;
using Readings = std::vector<Words>;

constexpr std::array<std::string_view, 20> kSmall{
    "zero", "one",    "two",    "three",    "four",     "five",    "six",     "seven",     "eight",    "nine",
    "ten",  "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<std::string_view, 10> kTens{"",      "",      "twenty",  "thirty", "forty",
                                                 "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr std::array<std::pair<long, std::string_view>, 5> kScales{
    {{1'000'000'000'000, "trillion"}, {1'000'000'000, "billion"}, {1'000'000, "million"}, {1'000, "thousand"}, {100, "hundred"}}};
constexpr std::array<std::string_view, 12> kMonths{"january", "february", "march",     "april",   "may",      "june",
                                                   "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kIrregularOrdinals{{{"one", "first"},
                                                                                           {"two", "second"},
                                                                                           {"three", "third"},
                                                                                           {"five", "fifth"},
                                                                                           {"eight", "eighth"},
                                                                                           {"nine", "ninth"},
                                                                                           {"twelve", "twelfth"}}};
constexpr std::size_t kLongestCardinal = 9;  // digits; longer figures (telephone numbers) are said one by one
constexpr std::size_t kLongestGrouped = 15;  // digits, where commas say that it is one number

bool AllDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

void Append(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

void Add(Readings& readings, Words words) {
  if (readings.size() < kMostReadings && std::ranges::find(readings, words) == readings.end())
    readings.push_back(std::move(words));
}

Words Joined(Words first, const Words& second) {
  Append(first, second);
  return first;
}

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

Words SpellDigits(std::string_view digits, std::string_view zero = kSmall[0]) {
  Words words;
  for (const char digit : digits) words.emplace_back(digit == '0' ? zero : kSmall[digit - '0']);
  return words;
}

// As years and the numbers of houses and rooms are said: 1990, 1905, 120.
Words SpellInPairs(long value) {
  Words words = SpellCardinal(value / 100);
  const long rest = value % 100;
  if (rest == 0) {
    words.emplace_back("hundred");
  } else {
    if (rest < 10) words.emplace_back("oh");
    Append(words, SpellCardinal(rest));
  }
  return words;
}

// "one hundred twenty", "one hundred and twenty", "a hundred twenty", "a hundred and twenty".
void AddCardinal(Readings& readings, long value) {
  const Words plain = SpellCardinal(value);
  Words with_and = plain;
  const long rest = value % 100;
  if (value > 100 && rest != 0) {
    const auto tail = static_cast<std::ptrdiff_t>(SpellCardinal(rest).size());
    with_and.insert(with_and.end() - tail, "and");
  }
  Add(readings, plain);
  Add(readings, with_and);
  if (value < 100 || plain.front() != "one") return;
  for (Words words : {plain, with_and}) {
    words.front() = "a";
    Add(readings, std::move(words));
  }
}

Readings ReadWhole(std::string_view digits, bool is_bare, bool has_commas) {
  Readings readings;
  const std::size_t longest = has_commas ? kLongestGrouped : kLongestCardinal;
  if (digits.size() > longest || (digits.size() > 1 && digits.front() == '0')) {
    Add(readings, SpellDigits(digits));
    Add(readings, SpellDigits(digits, "oh"));
    if (digits.front() != '0' && digits.size() <= kLongestGrouped) AddCardinal(readings, ToNumber(digits));
    return readings;
  }
  const long value = ToNumber(digits);
  const bool is_year = (value >= 1100 && value < 2000) || (value >= 2010 && value < 2100);
  if (is_bare && is_year) Add(readings, SpellInPairs(value));
  AddCardinal(readings, value);
  const bool has_pairs = value > 100 && value < 10'000 && (value < 1000 || value / 100 % 10 != 0 || value / 10 == 200);
  if (is_bare && has_pairs && value != 2000) Add(readings, SpellInPairs(value));
  if (is_bare && digits.size() >= 3) Add(readings, SpellDigits(digits));
  return readings;
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

Readings ReadClock(std::string_view hours, std::string_view minutes) {
  if (!AllDigits(hours) || hours.size() > 2 || !AllDigits(minutes) || minutes.size() != 2) return {};
  const long hour = ToNumber(hours);
  const long past = ToNumber(minutes);
  const Words now = SpellCardinal(hour);
  Readings readings;
  if (past == 0) {
    Add(readings, Joined(now, {"oclock"}));
    Add(readings, now);
    return readings;
  }
  Words plain = now;
  if (past < 10) plain.emplace_back("oh");
  Add(readings, Joined(plain, SpellCardinal(past)));
  if (hour > 12 || hour == 0 || past > 59) return readings;
  const Words next = SpellCardinal(hour == 12 ? 1 : hour + 1);
  if (past == 15) Add(readings, Joined({"quarter", "past"}, now));
  if (past == 15) Add(readings, Joined({"a", "quarter", "past"}, now));
  if (past == 30) Add(readings, Joined({"half", "past"}, now));
  if (past == 45) Add(readings, Joined({"quarter", "to"}, next));
  if (past == 45) Add(readings, Joined({"a", "quarter", "to"}, next));
  if (past <= 30) Add(readings, Joined(Joined(SpellCardinal(past), {"past"}), now));
  if (past > 30) Add(readings, Joined(Joined(SpellCardinal(60 - past), {"to"}), next));
  return readings;
}

Words Ordinal(long value) {
  Words words = SpellCardinal(value);
  MakeOrdinal(words.back());
  return words;
}

Words Year(std::string_view digits) {
  if (digits.size() != 4) return ReadWhole(digits, true, false).front();
  const long value = ToNumber(digits);
  return (value >= 1100 && value < 2000) || (value >= 2010 && value < 2100) ? SpellInPairs(value) : SpellCardinal(value);
}

// 12.05.2024, 12/05/2024, 12-05-24: here and in Europe the day stands first, in America the month; 2024-05-12.
Readings ReadDate(std::string_view first, std::string_view second, std::string_view third) {
  if (!AllDigits(first) || !AllDigits(second) || !AllDigits(third) || second.size() > 2) return {};
  if (first.size() == 4 && third.size() <= 2) return ReadDate(third, second, first);
  if (first.size() > 2 || (third.size() != 2 && third.size() != 4)) return {};
  const Words year = Year(third);
  const long one = ToNumber(first);
  const long two = ToNumber(second);
  Readings readings;
  const auto add_days = [&](long day, long month) {
    if (day < 1 || day > 31 || month < 1 || month > 12) return;
    const Words name{std::string(kMonths[month - 1])};
    Add(readings, Joined(Joined(Joined({"the"}, Ordinal(day)), Joined({"of"}, name)), year));
    Add(readings, Joined(Joined(name, Ordinal(day)), year));
    Add(readings, Joined(Joined(name, Joined({"the"}, Ordinal(day))), year));
  };
  add_days(one, two);
  add_days(two, one);
  if (readings.empty()) return {};
  const auto figure = [](std::string_view digits, long value) {
    return digits.size() == 2 && digits.front() == '0' ? Words{"oh", std::string(kSmall[value])} : SpellCardinal(value);
  };
  if (readings.size() == kMostReadings) readings.pop_back();
  Add(readings, Joined(Joined(figure(first, one), figure(second, two)), year));
  Add(readings, Joined(Joined(SpellCardinal(one), SpellCardinal(two)), year));
  return readings;
}

// 3/4; of what is no common fraction (24/7, 10/12) the figures one after the other.
Readings ReadFraction(std::string_view upper, std::string_view lower) {
  if (!AllDigits(upper) || !AllDigits(lower) || upper.size() > 3 || lower.size() > 3) return {};
  const long count = ToNumber(upper);
  const long part = ToNumber(lower);
  Readings readings;
  if (count >= 1 && count < part && part <= 10) {
    Words name = part == 2 ? Words{"half"} : part == 4 ? Words{"quarter"} : Ordinal(part);
    if (count > 1) MakePlural(name.back());
    if (count == 1) Add(readings, Joined({part == 2 ? "a" : "one"}, name));
    if (count == 1) Add(readings, Joined({part == 2 ? "one" : "a"}, name));
    if (count == 1 && part == 2) Add(readings, name);
    if (count > 1) Add(readings, Joined(SpellCardinal(count), name));
    if (count > 1 && part == 4) Add(readings, Joined(SpellCardinal(count), {"fourths"}));
    Add(readings, Joined(Joined(SpellCardinal(count), {"out", "of"}), SpellCardinal(part)));
  }
  Add(readings, Joined(SpellCardinal(count), SpellCardinal(part)));
  Add(readings, Joined(Joined(SpellCardinal(count), {"over"}), SpellCardinal(part)));
  return readings;
}

// Each way to say `first`, then `between`, then each way to say `second`: the usual ones of both first.
Readings Both(const Readings& first, const Words& between, const Readings& second) {
  Readings both;
  for (std::size_t sum = 0; sum < first.size() + second.size(); ++sum) {
    for (std::size_t i = 0; i <= sum; ++i) {
      if (i < first.size() && sum - i < second.size()) Add(both, Joined(Joined(first[i], between), second[sum - i]));
    }
  }
  return both;
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

Readings ReadMoney(const Readings& whole, bool is_one, const std::string& currency, std::string_view fraction) {
  const std::string name = currency + (is_one ? "" : "s");
  Readings readings;
  for (const Words& words : whole) {
    const Words amount = Joined(words, {name});
    if (fraction.empty() || fraction == "00") {
      Add(readings, amount);
      continue;
    }
    const Words rest = ReadWhole(fraction, false, false).front();
    const std::string part = currency == "pound" ? "pence" : "cents";
    Add(readings, Joined(amount, rest));
    if (fraction.size() != 2) continue;
    const long value = ToNumber(fraction);
    const Words cents = Joined(SpellCardinal(value), {value == 1 && part == "cents" ? "cent" : part});
    Add(readings, Joined(Joined(amount, {"and"}), cents));
    Add(readings, Joined(amount, cents));
    Add(readings, Joined(amount, SpellCardinal(value)));
    Add(readings, Joined(words, SpellCardinal(value)));
  }
  return readings;
}

// What is one number without a sign, no fraction, range or date.
Readings ReadNumber(std::string_view written) {
  const std::string_view currency = TakeCurrency(written);
  const std::string_view suffix = TakeSuffix(written);
  const bool is_half_of_day = suffix == "am" || suffix == "pm";
  if (const auto colon = written.find(':'); colon != std::string_view::npos) {
    Readings readings = ReadClock(written.substr(0, colon), written.substr(colon + 1));
    if (!is_half_of_day) return readings;
    if (written.ends_with(":00")) std::ranges::reverse(readings);  // "seven a.m." rather than "seven o'clock a.m."
    for (Words& words : readings) words.emplace_back(suffix);
    return readings;
  }

  const auto dot = written.find('.');
  std::string whole(written.substr(0, dot));
  const bool has_commas = std::erase(whole, ',') > 0;
  const std::string_view fraction = dot == std::string_view::npos ? std::string_view{} : written.substr(dot + 1);
  if (!AllDigits(whole) || (!fraction.empty() && !AllDigits(fraction))) return {};

  const bool is_bare = currency.empty() && (suffix.empty() || suffix == "s") && fraction.empty() && !has_commas;
  Readings readings = ReadWhole(whole, is_bare, has_commas);
  if (!currency.empty()) {
    readings = ReadMoney(readings, whole == "1", std::string(currency), fraction);
  } else if (!fraction.empty()) {
    readings = Both(readings, {"point"}, {SpellDigits(fraction), SpellDigits(fraction, "oh")});
  }
  for (Words& words : readings) {
    if (suffix == "%") {
      words.emplace_back("percent");
    } else if (is_half_of_day) {
      words.emplace_back(suffix);
    } else if (suffix == "s") {
      MakePlural(words.back());
    } else if (!suffix.empty()) {
      MakeOrdinal(words.back());
    }
  }
  return readings;
}

std::vector<std::string_view> SplitAt(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::vector<std::vector<std::string>> NumberReadings(std::string_view written) {
  if (Readings readings = ReadNumber(written); !readings.empty()) return readings;
  if (written.size() > 1 && (written.front() == '-' || written.front() == '+')) {
    Readings readings;
    const Readings unsigned_ones = ReadNumber(written.substr(1));
    const Readings signs = written.front() == '-' ? Readings{{"minus"}, {"negative"}} : Readings{{"plus"}};
    return Both(signs, {}, unsigned_ones);
  }
  for (const char separator : {'.', '/', '-'}) {
    const auto parts = SplitAt(written, separator);
    if (parts.size() == 3) return ReadDate(parts[0], parts[1], parts[2]);
    if (parts.size() == 2 && separator == '-') return Both(ReadNumber(parts[0]), {"to"}, ReadNumber(parts[1]));
    if (parts.size() != 2 || separator != '/') continue;
    const auto mixed = SplitAt(parts[0], ' ');
    if (mixed.size() == 2) return Both(ReadNumber(mixed[0]), {"and"}, ReadFraction(mixed[1], parts[1]));
    return ReadFraction(parts[0], parts[1]);
  }
  return {};
}

std::vector<std::vector<std::string>> DayReadings(std::string_view written) {
  for (const std::string_view suffix : {"st", "nd", "rd", "th"}) {
    if (written.ends_with(suffix)) {
      written.remove_suffix(suffix.size());
      break;
    }
  }
  if (!AllDigits(written) || written.size() > 2 || ToNumber(written) < 1 || ToNumber(written) > 31) return {};
  const long day = ToNumber(written);
  return {Ordinal(day), Joined({"the"}, Ordinal(day)), SpellCardinal(day)};
}

std::optional<std::vector<std::string>> SpellNumber(std::string_view written) {
  Readings readings = ReadNumber(written);
  if (readings.empty()) return std::nullopt;
  return std::move(readings.front());
}

bool IsNumberWord(std::string_view word) {
  return std::ranges::find(kSmall, word) != kSmall.end() || (!word.empty() && std::ranges::find(kTens, word) != kTens.end()) ||
         std::ranges::find(kScales, word, &std::pair<long, std::string_view>::second) != kScales.end();
}

}  // namespace speechcoach::text
