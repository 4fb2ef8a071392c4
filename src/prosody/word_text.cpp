#include "prosody/word_text.h"

#include <algorithm>
#include <array>

namespace speechcoach::prosody {
namespace {

// In alphabetical order, for the binary search.
constexpr auto kFunctionWords = std::to_array<std::string_view>(
    {"a",      "about",   "across", "after",   "against", "all",     "along",   "although", "am",      "among",  "an",
     "and",    "any",     "are",    "around",  "as",      "at",      "be",      "because",  "been",    "before", "behind",
     "being",  "below",   "beside", "between", "beyond",  "but",     "by",      "can",      "could",   "did",    "do",
     "does",   "down",    "during", "each",    "every",   "except",  "for",     "from",     "had",     "has",    "have",
     "having", "he",      "he'll",  "he's",    "her",     "hers",    "him",     "his",      "i",       "i'd",    "i'll",
     "i'm",    "i've",    "if",     "in",      "inside",  "into",    "is",      "it",       "it'll",   "it's",   "its",
     "let's",  "may",     "me",     "might",   "mine",    "must",    "my",      "near",     "nor",     "of",     "off",
     "on",     "onto",    "or",     "our",     "ours",    "out",     "over",    "per",      "shall",   "she",    "she'll",
     "she's",  "should",  "since",  "so",      "some",    "than",    "that",    "that's",   "the",     "their",  "theirs",
     "them",   "then",    "there",  "there's", "these",   "they",    "they'll", "they're",  "they've", "this",   "those",
     "though", "through", "till",   "to",      "toward",  "towards", "under",   "unless",   "until",   "up",     "upon",
     "us",     "was",     "we",     "we'll",   "we're",   "we've",   "were",    "what",     "when",    "where",  "whether",
     "which",  "while",   "who",    "whom",    "whose",   "will",    "with",    "within",   "without", "would",  "you",
     "you'd",  "you'll",  "you're", "you've",  "your",    "yours"});
static_assert(std::ranges::is_sorted(kFunctionWords));

bool IsLetter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte >= 0x80;
}

}  // namespace

std::string PlainWord(std::string_view word) {
  while (!word.empty() && !IsLetter(word.front())) word.remove_prefix(1);
  while (!word.empty() && !IsLetter(word.back())) word.remove_suffix(1);
  std::string plain;
  for (const char c : word) plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return plain;
}

bool EndsWithPunctuation(std::string_view word) {
  while (!word.empty() && std::string_view("\"')]").find(word.back()) != std::string_view::npos) word.remove_suffix(1);
  return !word.empty() && std::string_view(",.;:!?-").find(word.back()) != std::string_view::npos;
}

bool IsFunctionWord(std::string_view word) {
  return std::ranges::binary_search(kFunctionWords, std::string_view(PlainWord(word)));
}

}  // namespace speechcoach::prosody
