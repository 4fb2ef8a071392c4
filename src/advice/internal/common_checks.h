// What holds of every text of a language model that a learner reads. Texts are in small letters (Lower).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::advice {

// Of the words of Vietnamese prose at least so many carry marks; real advice has about 0.75.
inline constexpr double kFewestMarkedWords = 0.4;

// Links, markup, advertisement, talk of rules and programs.
bool HoldsWhatIsNeverShown(std::string_view lower);

// Insults.
bool IsUnkind(std::string_view lower);

// A few words that nearly every English sentence has one of.
bool IsCommonEnglish(std::string_view word);

// Signs of sounds and words that Vietnamese talk about English uses as they are.
bool IsTerm(std::string_view word);

// Runs of words of a prompt, each so long that it is quoted where it occurs elsewhere, not met by chance.
std::vector<std::vector<std::string>> RunsOf(std::string_view prompt);

// Whether every word of `words` could be Vietnamese (or is a term), and so many carry marks that it is prose with diacritics.
bool IsVietnameseProse(const std::vector<std::string>& words);

}  // namespace speechcoach::advice
