// A text as it can be said: every written word with all its pronunciations.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pronunciation/phone_set.h"

namespace speechcoach::pronunciation {

struct ReferenceWord {
  std::string text;                           // as written, without the punctuation around it
  std::vector<Pronunciation> pronunciations;  // one at least, the usual one first, none empty, at most kMaxPronunciations
  std::size_t written_index = 0;              // which of the text's white-space separated pieces it is
};

using ReferenceText = std::vector<ReferenceWord>;

inline constexpr std::size_t kMaxPronunciations = 8;
// What is longer cannot be read in a recording of the longest allowed length; the rest of the text is left out.
inline constexpr std::size_t kMaxReferenceWords = 400;

// Words split at white space. Numbers, clock times, dates, fractions, currency, abbreviations and symbols are said in full, in each of the usual ways, and
// stay one word each ("$5" is "five dollars", "1500" "fifteen hundred" or "one thousand five hundred", "3" in "Jan. 3" "third", "the third" or "three");
// acronyms can be said letter by letter; words that the dictionary does not list follow its rules for possessives and
// hyphens, then flite's letter-to-sound rules. Pieces that nobody says (a dash, another script, what is longer than 200 bytes) give no word. Pure, thread-safe.
ReferenceText ToReferenceText(std::string_view text);

// The words of `text` in lower case with plain apostrophes, as ToReferenceText sees them: for comparing texts.
std::vector<std::string> ComparableWords(const ReferenceText& text);

}  // namespace speechcoach::pronunciation
