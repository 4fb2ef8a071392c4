// Is this Vietnamese? Told from how a syllable can be written, not from a word list that would never be complete.
#pragma once

#include <string>
#include <string_view>

namespace speechcoach::advice {

struct Syllable {
  std::string base;        // without marks: "tiếng" -> "tieng"; empty where a letter is not of the Vietnamese alphabet
  bool has_marks = false;  // đ counts
};

// `word` in small letters, normal form C.
Syllable Unmark(std::string_view word);

// Whether onset, vowels and coda are ones that Vietnamese spelling has. "the" and "to" are, by chance; "pronunciation" is not.
bool IsVietnameseShape(std::string_view base);

// The Vietnamese capitals beyond ASCII as small letters.
std::string SmallVietnamese(std::string_view text);

}  // namespace speechcoach::advice
