#include "scoring/internal/spoken_words.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "text/english_numbers.h"

namespace speechcoach::scoring {
namespace {

using Words = std::vector<std::string>;

bool IsLetterOrDigit(char c) {
  // Bytes of other scripts count as letters: a name keeps its accents.
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

std::string Lowered(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// Typographic punctuation to its plain form, so that everything after deals with ASCII signs.
std::string WithPlainPunctuation(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kPlain{{{"’", "'"},
                                                                                         {"‘", "'"},
                                                                                         {"“", "\""},
                                                                                         {"”", "\""},
                                                                                         {"…", " "},
                                                                                         {"—", " "},
                                                                                         {"–", "-"},
                                                                                         {"\u2011", "-"},
                                                                                         {"\u00a0", " "},
                                                                                         {"¿", " "},
                                                                                         {"&", " and "}}};
  std::string plain(text);
  for (const auto& [from, to] : kPlain) ReplaceAll(plain, from, to);
  return plain;
}

std::string_view Trimmed(std::string_view word) {
  const auto starts = [](std::string_view w) { return IsLetterOrDigit(w.front()) || w.front() == '$'; };
  const auto ends = [](std::string_view w) { return IsLetterOrDigit(w.back()) || w.back() == '%'; };
  while (!word.empty() && !starts(word)) word.remove_prefix(1);
  while (!word.empty() && !ends(word)) word.remove_suffix(1);
  return word;
}

// Contractions and shortened forms that no rule gives.
const std::map<std::string_view, Words, std::less<>>& SpecialForms() {
  static const std::map<std::string_view, Words, std::less<>> forms{
      {"won't", {"will", "not"}},
      {"can't", {"can", "not"}},
      {"cannot", {"can", "not"}},
      {"shan't", {"shall", "not"}},
      {"let's", {"let", "us"}},
      {"gonna", {"going", "to"}},
      {"wanna", {"want", "to"}},
      {"gotta", {"got", "to"}},
      {"o'clock", {"oclock"}},
      {"mr", {"mister"}},
      {"mrs", {"missus"}},
      {"dr", {"doctor"}},
      {"ok", {"okay"}},
      {"tv", {"television"}},
      {"vs", {"versus"}},
      {"etc", {"et", "cetera"}},
      {"grey", {"gray"}},
      {"programme", {"program"}},
      {"centre", {"center"}},
      {"theatre", {"theater"}},
      {"metre", {"meter"}},
      {"metres", {"meters"}},
      {"cheque", {"check"}},
      {"tyre", {"tire"}},
      {"travelling", {"traveling"}},
      {"travelled", {"traveled"}},
      {"jewellery", {"jewelry"}},
  };
  return forms;
}

// Words that sound the same: a recogniser's choice between them says nothing about the speaker.
std::string_view OneSpelling(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 46> kHomophones{
      {{"too", "to"},      {"two", "to"},          {"their", "there"},  {"hear", "here"},     {"know", "no"},
       {"knows", "nose"},  {"buy", "by"},          {"bye", "by"},       {"for", "four"},      {"fore", "four"},
       {"won", "one"},     {"ate", "eight"},       {"sea", "see"},      {"seas", "sees"},     {"son", "sun"},
       {"meat", "meet"},   {"weak", "week"},       {"hour", "our"},     {"hours", "ours"},    {"write", "right"},
       {"wear", "where"},  {"whether", "weather"}, {"new", "knew"},     {"threw", "through"}, {"blew", "blue"},
       {"read", "red"},    {"bare", "bear"},       {"break", "brake"},  {"cent", "sent"},     {"scent", "sent"},
       {"dear", "deer"},   {"fair", "fare"},       {"flower", "flour"}, {"mail", "male"},     {"pair", "pear"},
       {"peace", "piece"}, {"plane", "plain"},     {"rain", "reign"},   {"road", "rode"},     {"sail", "sale"},
       {"steel", "steal"}, {"tale", "tail"},       {"wait", "weight"},  {"way", "weigh"},     {"wood", "would"},
       {"which", "witch"}}};
  const auto row = std::ranges::find(kHomophones, word, &std::pair<std::string_view, std::string_view>::first);
  return row != kHomophones.end() ? row->second : word;
}

// British to American, by the two rules that reach most words; applied to both sides, so a word it deforms still matches itself.
std::string AmericanSpelling(std::string word) {
  if (word.size() > 4) {
    ReplaceAll(word, "our", "or");
    for (const std::string_view ending : {"ise", "ised", "ises", "ising", "isation"}) {
      if (!word.ends_with(ending)) continue;
      word[word.size() - ending.size() + 1] = 'z';
      break;
    }
  }
  return word;
}

std::optional<Words> ExpandContraction(const std::string& word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEndings{
      {{"n't", "not"}, {"'re", "are"}, {"'ve", "have"}, {"'ll", "will"}, {"'m", "am"}, {"'d", "would"}}};
  for (const auto& [ending, full] : kEndings) {
    if (word.size() > ending.size() && word.ends_with(ending)) {
      return Words{word.substr(0, word.size() - ending.size()), std::string(full)};
    }
  }
  static constexpr std::array<std::string_view, 14> kTakeIs{"it",  "he",    "she",  "that", "this", "what",     "where",
                                                            "who", "there", "here", "how",  "when", "everyone", "everything"};
  if (word.ends_with("'s")) {
    const std::string stem = word.substr(0, word.size() - 2);
    if (std::ranges::find(kTakeIs, stem) != kTakeIs.end()) return Words{stem, "is"};
  }
  return std::nullopt;
}

// What one written piece without white space or hyphens says.
Words Say(const std::string& piece) {
  if (const auto special = SpecialForms().find(piece); special != SpecialForms().end()) return special->second;
  if (auto number = text::SpellNumber(piece)) return *std::move(number);
  if (auto contraction = ExpandContraction(piece)) return *std::move(contraction);
  std::string letters;
  std::ranges::copy_if(piece, std::back_inserter(letters), IsLetterOrDigit);
  if (letters.empty()) return {};
  return {AmericanSpelling(std::move(letters))};
}

Words PiecesOf(std::string_view word) {
  Words pieces;
  while (!word.empty()) {
    const std::size_t end = std::min(word.find_first_of(" \t\r\n-/_"), word.size());
    const std::string_view piece = Trimmed(word.substr(0, end));
    if (!piece.empty()) pieces.push_back(Lowered(piece));
    word.remove_prefix(std::min(end + 1, word.size()));
  }
  return pieces;
}

// "one hundred and five" is said with and without "and".
void DropAndInsideNumbers(std::vector<SpokenToken>& tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    const bool after_scale = tokens[i - 1].text == "hundred" || tokens[i - 1].text == "thousand";
    if (tokens[i].text == "and" && after_scale && text::IsNumberWord(tokens[i + 1].text)) tokens.erase(tokens.begin() + i);
  }
}

}  // namespace

SpokenText ToSpoken(std::span<const std::string> written_words) {
  SpokenText spoken;
  for (const std::string& written : written_words) {
    const std::string plain = WithPlainPunctuation(written);
    const std::string_view word = Trimmed(plain);
    for (const std::string& piece : PiecesOf(word)) {
      for (std::string& said : Say(piece)) {
        if (spoken.tokens.size() < kMaxSpokenTokens) spoken.tokens.push_back({std::move(said), spoken.words.size()});
      }
    }
    spoken.words.emplace_back(word);
  }
  DropAndInsideNumbers(spoken.tokens);
  for (SpokenToken& token : spoken.tokens) token.text = OneSpelling(token.text);
  return spoken;
}

SpokenText ToSpoken(std::string_view text) {
  const std::string plain = WithPlainPunctuation(text);
  std::vector<std::string> words;
  std::string_view rest = plain;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(" \t\r\n"), rest.size());
    if (!Trimmed(rest.substr(0, end)).empty()) words.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return ToSpoken(words);
}

}  // namespace speechcoach::scoring
