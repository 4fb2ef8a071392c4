#include "pronunciation/phone_set.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace speechcoach::pronunciation {
namespace {

struct PhoneRow {
  std::string_view name;
  std::string_view ipa;
  bool is_vowel;
};

constexpr std::array<PhoneRow, kPhoneCount> kPhones{{
    {"AA", "ɑ", true},   {"AE", "æ", true},   {"AH", "ʌ", true},  {"AO", "ɔ", true},  {"AW", "aʊ", true}, {"AY", "aɪ", true},
    {"B", "b", false},   {"CH", "tʃ", false}, {"D", "d", false},  {"DH", "ð", false}, {"EH", "ɛ", true},  {"ER", "ɝ", true},
    {"EY", "eɪ", true},  {"F", "f", false},   {"G", "ɡ", false},  {"HH", "h", false}, {"IH", "ɪ", true},  {"IY", "i", true},
    {"JH", "dʒ", false}, {"K", "k", false},   {"L", "l", false},  {"M", "m", false},  {"N", "n", false},  {"NG", "ŋ", false},
    {"OW", "oʊ", true},  {"OY", "ɔɪ", true},  {"P", "p", false},  {"R", "ɹ", false},  {"S", "s", false},  {"SH", "ʃ", false},
    {"T", "t", false},   {"TH", "θ", false},  {"UH", "ʊ", true},  {"UW", "u", true},  {"V", "v", false},  {"W", "w", false},
    {"Y", "j", false},   {"Z", "z", false},   {"ZH", "ʒ", false},
}};

constexpr std::array<Sound, kSoundCount> MakeSounds() {
  std::array<Sound, kSoundCount> sounds{};
  std::size_t at = 0;
  for (std::size_t phone = 0; phone < kPhones.size(); ++phone) {
    if (!kPhones[phone].is_vowel) {
      sounds[at++] = {static_cast<Phone>(phone), Stress::kConsonant};
      continue;
    }
    for (const Stress stress : {Stress::kNone, Stress::kPrimary, Stress::kSecondary})
      sounds[at++] = {static_cast<Phone>(phone), stress};
  }
  return sounds;
}

constexpr std::array<Sound, kSoundCount> kSounds = MakeSounds();
constexpr Phone kAh = 2;
constexpr Phone kEr = 11;

}  // namespace

std::string_view PhoneName(Phone phone) { return kPhones[phone].name; }

std::optional<Phone> PhoneFromName(std::string_view name) {
  const auto row = std::ranges::lower_bound(kPhones, name, {}, &PhoneRow::name);
  if (row == kPhones.end() || row->name != name) return std::nullopt;
  return static_cast<Phone>(row - kPhones.begin());
}

std::optional<Sound> SoundFromName(std::string_view name) {
  Stress stress = Stress::kNone;
  bool has_digit = false;
  if (!name.empty() && name.back() >= '0' && name.back() <= '2') {
    stress = static_cast<Stress>(name.back() - '0');
    has_digit = true;
    name.remove_suffix(1);
  }
  const auto phone = PhoneFromName(name);
  if (!phone || (has_digit && !IsVowel(*phone))) return std::nullopt;
  return Sound{*phone, IsVowel(*phone) ? stress : Stress::kConsonant};
}

std::string_view Ipa(Phone phone, Stress stress) {
  if (stress == Stress::kNone && phone == kAh) return "ə";
  if (stress == Stress::kNone && phone == kEr) return "ɚ";
  return kPhones[phone].ipa;
}

bool IsVowel(Phone phone) { return kPhones[phone].is_vowel; }

const Sound& SoundAt(int index) { return kSounds[static_cast<std::size_t>(index)]; }

}  // namespace speechcoach::pronunciation
