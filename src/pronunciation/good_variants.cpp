#include "pronunciation/good_variants.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "pronunciation/phone_set.h"

namespace speechcoach::pronunciation {
namespace {

bool IsVowelNamed(std::string_view name) {
  const auto phone = PhoneFromName(name);
  return phone && IsVowel(*phone);
}

bool IsBeforeR(const model::WordResult& word, std::size_t at) {
  return at + 1 < word.phones.size() && word.phones[at + 1].phone == "R";
}

// Before an r these pairs have become one sound.
bool IsOneBeforeR(const model::WordResult& word, std::size_t at) {
  constexpr auto kPairs = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"IY", "IH"}, {"UW", "UH"}, {"EY", "EH"}, {"AE", "EH"}, {"OW", "AO"}});
  if (!IsBeforeR(word, at)) return false;
  const model::PhoneResult& phone = word.phones[at];
  return std::ranges::any_of(kPairs, [&](const auto& pair) {
    return (phone.phone == pair.first && phone.heard == pair.second) || (phone.phone == pair.second && phone.heard == pair.first);
  });
}

// Half of the English-speaking world says an r before vowels alone.
bool IsBritishR(const model::WordResult& word, std::size_t at) {
  const model::PhoneResult& phone = word.phones[at];
  const bool is_before_vowel = at + 1 < word.phones.size() && IsVowelNamed(word.phones[at + 1].phone);
  return phone.phone == "R" && at > 0 && !is_before_vowel && IsVowelNamed(word.phones[at - 1].phone) &&
         (phone.verdict == model::PhoneVerdict::kDeleted || IsVowelNamed(phone.heard));
}

// A tongue on its way from a stop to an r rubs: "tree" and "dream" begin much as "cherry" and "gem" do. Without the r it is another sound.
bool IsAffricateBeforeR(const model::WordResult& word, std::size_t at) {
  const model::PhoneResult& phone = word.phones[at];
  return IsBeforeR(word, at) && word.phones[at + 1].verdict != model::PhoneVerdict::kDeleted &&
         ((phone.phone == "T" && phone.heard == "CH") || (phone.phone == "D" && phone.heard == "JH"));
}

// "Cot" and "caught" are one for much of North America; British speakers say "teacher" without its r.
bool IsOfAnotherRegion(const model::WordResult& word, std::size_t at) {
  const model::PhoneResult& phone = word.phones[at];
  if (phone.phone == "ER") return phone.ipa == "ɚ" && phone.heard == "AH";
  return !IsBeforeR(word, at) && ((phone.phone == "AA" && phone.heard == "AO") || (phone.phone == "AO" && phone.heard == "AA"));
}

}  // namespace

bool IsGoodVariant(const model::WordResult& word, std::size_t phone) {
  return IsOneBeforeR(word, phone) || IsBritishR(word, phone) || IsAffricateBeforeR(word, phone) ||
         IsOfAnotherRegion(word, phone);
}

}  // namespace speechcoach::pronunciation
