// Text as the checks read it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::advice {

// What stands in quotation marks of any kind, without them; `outside` is the text with each replaced by a space.
struct Quotes {
  std::vector<std::string> quoted;
  std::string outside;
};

Quotes SplitQuotes(std::string_view text);

// Letters and digits of a word, ASCII ones small; hyphens and apostrophes part words. In order.
std::vector<std::string> WordsOf(std::string_view text);

// ASCII letters and Vietnamese capitals small.
std::string Lower(std::string_view text);

// Whether `words` occur in `text` one after the other.
bool ContainsRun(const std::vector<std::string>& text, const std::vector<std::string>& words);

}  // namespace speechcoach::advice
