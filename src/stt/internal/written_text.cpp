#include "stt/internal/written_text.h"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace speechcoach::stt {
namespace {

bool IsLower(unsigned char c) { return std::islower(c) != 0; }

bool IsPronounI(const std::string& word) { return word == "I" || word.starts_with("I'"); }

void Lower(std::string& word) {
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
}

}  // namespace

std::vector<std::string> WrittenWords(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) words.push_back(word);
  if (words.empty()) return words;

  if (std::ranges::none_of(text, IsLower)) {
    for (std::string& word : words) {
      const bool stays_capital = &word == &words.front() || IsPronounI(word);
      const char first = word.front();
      Lower(word);
      if (stays_capital) word.front() = first;
    }
  }
  if (std::string(".?!").find(words.back().back()) == std::string::npos) words.back() += '.';
  return words;
}

}  // namespace speechcoach::stt
