#include "advice/internal/vietnamese.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace speechcoach::advice {
namespace {

// Each letter with marks, by the letter without.
constexpr std::array<std::pair<char, std::string_view>, 7> kMarked{{
    {'a', "àáâãăạảấầẩẫậắằẳẵặ"},
    {'e', "èéêẹẻẽếềểễệ"},
    {'i', "ìíĩỉị"},
    {'o', "òóôõơṍọỏốồổỗộớờởỡợ"},
    {'u', "ùúũưṹụủứừửữự"},
    {'y', "ýỳỵỷỹ"},
    {'d', "đ"},
}};

// Their capitals, in the same order.
constexpr std::array<std::string_view, 7> kCapitals{"ÀÁÂÃĂẠẢẤẦẨẪẬẮẰẲẴẶ", "ÈÉÊẸẺẼẾỀỂỄỆ", "ÌÍĨỈỊ", "ÒÓÔÕƠṌỌỎỐỒỔỖỘỚỜỞỠỢ",
                                                    "ÙÚŨƯṸỤỦỨỪỬỮỰ",      "ÝỲỴỶỸ",       "Đ"};

constexpr auto kOnsets =
    std::to_array<std::string_view>({"ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d",
                                     "g",   "h",  "k",  "l",  "m",  "n",  "p",  "r",  "s",  "t",  "v",  "x", ""});
constexpr auto kVowels = std::to_array<std::string_view>(
    {"a",  "ai",  "ao",  "au",  "ay", "e",   "eo",  "eu",  "i",   "ia",  "ie",  "ieu", "iu",  "o",
     "oa", "oai", "oao", "oay", "oe", "oeo", "oi",  "u",   "ua",  "uai", "uao", "uau", "uay", "ue",
     "ui", "uo",  "uoi", "uou", "uu", "uy",  "uya", "uye", "uyu", "ueo", "y",   "ye",  "yeu"});
constexpr auto kCodas = std::to_array<std::string_view>({"", "c", "ch", "m", "n", "ng", "nh", "p", "t"});

std::size_t LengthOf(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

const std::map<std::string_view, char>& PlainLetters() {
  static const auto letters = [] {
    std::map<std::string_view, char> map;
    for (const auto& [plain, marked] : kMarked) {
      for (std::size_t at = 0; at < marked.size(); at += LengthOf(marked[at]))
        map[marked.substr(at, LengthOf(marked[at]))] = plain;
    }
    return map;
  }();
  return letters;
}

const std::map<std::string_view, std::string_view>& SmallLetters() {
  static const auto letters = [] {
    std::map<std::string_view, std::string_view> map;
    for (std::size_t row = 0; row < kMarked.size(); ++row) {
      const std::string_view small = kMarked[row].second;
      const std::string_view capital = kCapitals[row];
      for (std::size_t s = 0, c = 0; s < small.size() && c < capital.size(); s += LengthOf(small[s]), c += LengthOf(capital[c])) {
        map[capital.substr(c, LengthOf(capital[c]))] = small.substr(s, LengthOf(small[s]));
      }
    }
    return map;
  }();
  return letters;
}

template <typename List>
bool IsIn(const List& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

}  // namespace

Syllable Unmark(std::string_view word) {
  Syllable syllable;
  for (std::size_t at = 0; at < word.size();) {
    const std::string_view letter = word.substr(at, LengthOf(word[at]));
    at += letter.size();
    if (letter.size() == 1) {
      syllable.base += letter;
      continue;
    }
    const auto plain = PlainLetters().find(letter);
    if (plain == PlainLetters().end()) return {{}, true};
    syllable.base += plain->second;
    syllable.has_marks = true;
  }
  return syllable;
}

bool IsVietnameseShape(std::string_view base) {
  for (const std::string_view onset : kOnsets) {
    if (!base.starts_with(onset)) continue;
    const std::string_view rhyme = base.substr(onset.size());
    if (onset == "gi" && (rhyme.empty() || IsIn(kCodas, rhyme))) return true;
    for (const std::string_view coda : kCodas) {
      if (rhyme.ends_with(coda) && IsIn(kVowels, rhyme.substr(0, rhyme.size() - coda.size()))) return true;
    }
  }
  return false;
}

std::string SmallVietnamese(std::string_view text) {
  std::string small;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view letter = text.substr(at, LengthOf(text[at]));
    at += letter.size();
    const auto found = SmallLetters().find(letter);
    small += found == SmallLetters().end() ? letter : found->second;
  }
  return small;
}

}  // namespace speechcoach::advice
