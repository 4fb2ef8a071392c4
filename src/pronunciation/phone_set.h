// The 39 phones of American English as the CMU dictionary writes them (ARPAbet), in alphabetical order.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace speechcoach::pronunciation {

inline constexpr int kPhoneCount = 39;
// Outputs of the phone head: the CTC blank, then the phones, so that class = phone + 1.
inline constexpr int kClassCount = kPhoneCount + 1;
inline constexpr int kBlank = 0;

using Phone = std::uint8_t;  // 0 .. kPhoneCount - 1

enum class Stress : std::int8_t { kNone = 0, kPrimary = 1, kSecondary = 2, kConsonant = -1 };

// A phone as a dictionary lists it.
struct Sound {
  Phone phone = 0;
  Stress stress = Stress::kConsonant;  // vowels carry one of the other three
  friend bool operator==(const Sound&, const Sound&) = default;
};

using Pronunciation = std::vector<Sound>;

std::string_view PhoneName(Phone phone);                    // "AA"
std::optional<Phone> PhoneFromName(std::string_view name);  // without a stress digit
std::optional<Sound> SoundFromName(std::string_view name);  // "AA1", "B"; a vowel without a digit is unstressed
std::string_view Ipa(Phone phone, Stress stress);           // "ɑ"; unstressed AH and ER are "ə" and "ɚ"
bool IsVowel(Phone phone);

// The sounds in the order in which the compiled dictionary numbers them: every phone, a vowel once for each of the stresses
// none, primary, secondary.
inline constexpr int kSoundCount = 69;
const Sound& SoundAt(int index);

}  // namespace speechcoach::pronunciation
