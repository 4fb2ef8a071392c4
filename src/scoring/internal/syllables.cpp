#include "scoring/internal/syllables.h"

#include <algorithm>

namespace speechcoach::scoring {
namespace {

bool IsVowelLetter(char c) { return std::string_view("aeiouy").find(c) != std::string_view::npos; }

}  // namespace

int SyllablesOf(std::string_view word) {
  int groups = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (IsVowelLetter(word[i]) && (i == 0 || !IsVowelLetter(word[i - 1]))) ++groups;
  }
  const auto before = [&](std::size_t from_end) { return word.size() > from_end ? word[word.size() - 1 - from_end] : ' '; };
  const bool silent_e = word.ends_with('e') && !word.ends_with("le") && !IsVowelLetter(before(1));
  const bool silent_ed = word.ends_with("ed") && !IsVowelLetter(before(2)) && before(2) != 't' && before(2) != 'd';
  if (silent_e || silent_ed) --groups;
  return std::max(groups, 1);
}

}  // namespace speechcoach::scoring
