#include "scoring/internal/sound_tips.h"

#include <algorithm>
#include <array>
#include <string>

#include "scoring/text_alignment.h"

namespace speechcoach::scoring {
namespace {

std::string LettersOf(std::string_view word) {
  std::string letters;
  for (const char c : word) {
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
    if (c >= 'a' && c <= 'z') letters += c;
  }
  return letters;
}

bool IsVowelLetter(char c) { return std::string_view("aeiouyw").find(c) != std::string_view::npos; }

bool EndsInPluralS(std::string_view word) {
  return word.size() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is");
}

bool EndsInEd(std::string_view word) {
  return word.size() > 4 && word.ends_with("ed") && !word.ends_with("eed") && word != "hundred";
}

// "th" that is not /θ/ or /ð/ is rare: a few names and borrowed words.
bool HasTh(std::string_view word) {
  constexpr std::array<std::string_view, 5> kPlainT{"thai", "thailand", "thomas", "thames", "thyme"};
  return word.find("th") != std::string_view::npos && std::ranges::find(kPlainT, word) == kPlainT.end();
}

bool EndsInCluster(std::string_view word) {
  if (word.size() < 4 || IsVowelLetter(word.back()) || IsVowelLetter(word[word.size() - 2])) return false;
  // Written with a consonant that nobody says.
  constexpr std::array<std::string_view, 5> kSilentLetter{"could", "should", "would", "yacht", "receipt"};
  if (std::ranges::find(kSilentLetter, word) != kSilentLetter.end()) return false;
  constexpr std::array<std::string_view, 21> kOneSound{"ck", "ng", "ss", "ll", "ff", "zz", "sh", "ch", "th", "ph", "gh",
                                                       "gn", "mb", "mn", "rr", "tt", "ht", "lk", "lf", "lm", "bt"};
  return std::ranges::none_of(kOneSound, [&](std::string_view spelling) { return word.ends_with(spelling); });
}

bool EndsInConsonant(std::string_view word) {
  return word.size() > 2 && std::string_view("bdfgklpstvxz").find(word.back()) != std::string_view::npos;
}

}  // namespace

std::optional<Topic> SoundTip(std::string_view written_word, std::string_view heard_as) {
  const std::string word = LettersOf(written_word);
  const std::string heard = LettersOf(heard_as);
  constexpr double kSameWordFrom = 0.5;
  if (!heard.empty() && LetterSimilarity(word, heard) < kSameWordFrom) return std::nullopt;
  const bool ending_lost = !heard.empty() && heard.size() < word.size() && word.starts_with(heard);
  if (EndsInPluralS(word) && (ending_lost || !HasTh(word))) return Topic::kTipFinalS;
  if (EndsInEd(word)) return Topic::kTipEd;
  if (HasTh(word) && !ending_lost) return Topic::kTipTh;
  if (word.find("sh") != std::string::npos && !ending_lost) return Topic::kTipSh;
  if (EndsInCluster(word)) return Topic::kTipFinalCluster;
  if (EndsInConsonant(word)) return Topic::kTipFinalConsonant;
  return std::nullopt;
}

}  // namespace speechcoach::scoring
