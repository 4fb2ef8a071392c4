// Written English -> what is said, so that "I'm 25." and "i am twenty-five" compare equal.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::scoring {

struct SpokenToken {
  std::string text;      // lower case, one spelling for words that sound alike
  std::size_t word = 0;  // the written word it comes from
};

struct SpokenText {
  std::vector<std::string> words;   // as written, without punctuation around; may be empty strings
  std::vector<SpokenToken> tokens;  // in order; a word has none (a dash), one, or several (a contraction, a number)
};

// At most kMaxSpokenTokens tokens; what is beyond them is left out.
inline constexpr std::size_t kMaxSpokenTokens = 1000;

SpokenText ToSpoken(std::span<const std::string> written_words);
SpokenText ToSpoken(std::string_view text);  // split at white space and dashes

}  // namespace speechcoach::scoring
