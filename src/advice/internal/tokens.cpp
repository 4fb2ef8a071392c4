#include "advice/internal/tokens.h"

#include <algorithm>
#include <array>
#include <utility>

#include "advice/internal/vietnamese.h"

namespace speechcoach::advice {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kMarks{
    {{"“", "”"}, {"\"", "\""}, {"‘", "’"}, {"«", "»"}, {"„", "“"}, {"`", "`"}}};

bool IsSeparator(std::string_view text, std::size_t at, std::size_t& length) {
  const auto byte = static_cast<unsigned char>(text[at]);
  length = 1;
  if (byte < 0x80) return !((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'));
  // General punctuation (U+2000-U+206F): E2 80 xx and E2 81 xx; guillemets and their like: C2 xx.
  if (byte == 0xE2 && at + 2 < text.size() && (static_cast<unsigned char>(text[at + 1]) | 1) == 0x81) {
    length = 3;
    return true;
  }
  if (byte == 0xC2) {
    length = 2;
    return true;
  }
  return false;
}

}  // namespace

Quotes SplitQuotes(std::string_view text) {
  Quotes quotes;
  for (std::size_t at = 0; at < text.size();) {
    const auto mark = std::ranges::find_if(kMarks, [&](const auto& m) { return text.substr(at).starts_with(m.first); });
    const std::size_t end = mark == kMarks.end() ? std::string_view::npos : text.find(mark->second, at + mark->first.size());
    if (end == std::string_view::npos) {
      quotes.outside += text[at++];
      continue;
    }
    const std::size_t start = at + mark->first.size();
    quotes.quoted.emplace_back(text.substr(start, end - start));
    quotes.outside += " ";
    at = end + mark->second.size();
  }
  return quotes;
}

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    if (IsSeparator(text, at, length)) {
      if (!word.empty()) words.push_back(Lower(word));
      word.clear();
    } else {
      word += text.substr(at, length);
    }
    at += length;
  }
  if (!word.empty()) words.push_back(Lower(word));
  return words;
}

std::string Lower(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return SmallVietnamese(lower);
}

bool ContainsRun(const std::vector<std::string>& text, const std::vector<std::string>& words) {
  return words.empty() || !std::ranges::search(text, words).empty();
}

}  // namespace speechcoach::advice
