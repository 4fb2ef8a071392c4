#include "pronunciation/letter_to_sound.h"

#include <mutex>
#include <string>

#include <flite/flite.h>

extern "C" cst_lexicon* cmu_lex_init(void);

namespace speechcoach::pronunciation {
namespace {

// flite writes the schwa "ax", which the CMU set folds into unstressed AH.
std::optional<Sound> FromFlite(std::string name) {
  for (char& c : name) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  if (name.starts_with("AX")) name.replace(0, 2, "AH");
  return SoundFromName(name);
}

void StressFirstVowelIfNone(Pronunciation& pronunciation) {
  Sound* first = nullptr;
  for (Sound& sound : pronunciation) {
    if (sound.stress == Stress::kPrimary) return;
    if (first == nullptr && IsVowel(sound.phone)) first = &sound;
  }
  if (first != nullptr) first->stress = Stress::kPrimary;
}

}  // namespace

Pronunciation GuessPronunciation(std::string_view word) {
  std::string letters;
  for (const char c : word) {
    if (c >= 'a' && c <= 'z') letters += c;
  }
  if (letters.empty()) return {};
  static std::mutex mutex;  // flite's lexicon is made once, and its rules share a scratch buffer
  const std::lock_guard lock(mutex);
  static cst_lexicon* const lexicon = cmu_lex_init();
  cst_val* const phones = lts_apply(letters.c_str(), "", lexicon->lts_rule_set);
  Pronunciation pronunciation;
  for (const cst_val* item = phones; item != nullptr; item = val_cdr(item)) {
    if (const auto sound = FromFlite(val_string(val_car(item)))) pronunciation.push_back(*sound);
  }
  delete_val(phones);
  StressFirstVowelIfNone(pronunciation);
  return pronunciation;
}

}  // namespace speechcoach::pronunciation
