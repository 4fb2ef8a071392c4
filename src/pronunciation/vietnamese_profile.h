// How English sounds are made, and what Vietnamese speakers typically make of them: data/pronunciation/vietnamese.yaml, part of the program.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/pronunciation_report.h"
#include "pronunciation/phone_set.h"

namespace speechcoach::pronunciation {

enum class PhonePosition {
  kAny,
  kInitial,
  kFinal
};  // within the word; kInitial before its first vowel, kFinal after its last one

// One habit. Exactly one of `heard`, `added` and `is_missing` says what it is, so that its tip fits what was heard.
struct AccentRule {
  std::string id;             // "TH>T"
  std::vector<Phone> sounds;  // that are due; none where a sound is added
  std::string ipa;            // due only where it is written so: AH is ʌ stressed and ə unstressed; "": anywhere
  std::vector<Phone> heard;   // what is said instead
  std::vector<Phone> added;   // what is said besides
  bool is_missing = false;    // nothing is said instead
  PhonePosition position = PhonePosition::kAny;
  std::string region;  // "", "north", "south": where it is more common; the tip says so
  std::string tip_vi;
  std::string tip_en;
  std::vector<std::string> minimal_pairs;  // "thin/tin", at least one
};

struct SoundTip {
  std::string vi;
  std::string en;
};

// In the file's order.
std::span<const AccentRule> AccentRules();

// The rules that these words follow at least once, the most frequent first. What good speakers say either way (good_variants.h) counts for none.
std::vector<model::AccentPattern> FindAccentPatterns(std::span<const model::WordResult> words);

// How a habit goes on over a learner's recordings.
struct Habit {
  model::AccentPattern pattern;  // over all of them; the latest examples
  std::string region;            // as AccentRule::region
  int recordings = 0;            // that showed it
  // Shares of the chances in the first and the last half of the recordings where the sound was due; equal where there is one such recording.
  double earlier_share = 0.0;
  double recent_share = 0.0;
};

// `recordings` are the words of each report, the oldest first. The habits that they show at least twice, the most frequent by share first. Pure.
std::vector<Habit> FindHabits(std::span<const std::vector<model::WordResult>> recordings);

// The first rule that this verdict on a phone follows; null where none fits. `phone` is an index into word.phones.
const AccentRule* RuleFor(const model::WordResult& word, std::size_t phone);

// What helps with this verdict: the tip of the rule that it follows; where there is none, how the sound is made. Never empty for a phone of ours.
SoundTip TipFor(const model::WordResult& word, std::size_t phone);

}  // namespace speechcoach::pronunciation
