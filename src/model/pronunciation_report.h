// How a text was pronounced, word by word and sound by sound. Times in seconds from the start of the recording; scores 0-10.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/scores.h"

namespace speechcoach::model {

enum class PhoneVerdict { kOk, kSubstituted, kDeleted, kDistorted };

struct PhoneResult {
  std::string phone;  // ARPAbet without stress: "TH"
  std::string ipa;    // "θ"
  double start_s = 0.0;
  double end_s = 0.0;  // of a deleted phone: where it should have been
  double score = 0.0;
  PhoneVerdict verdict = PhoneVerdict::kOk;
  std::string heard;        // ARPAbet, where substituted
  std::string heard_ipa;    // the same in IPA
  double confidence = 0.0;  // [0, 1], in the verdict
};

enum class WordVerdict { kOk, kMispronounced, kOmitted, kReplaced };
enum class StressVerdict { kOk, kMisplaced, kUnclear };

// Which syllable carries the stress; only of words of two syllables and more.
struct WordStress {
  int expected = 0;  // syllable, from 0, by the dictionary
  int heard = 0;     // the most prominent one by pitch, loudness and length
  StressVerdict verdict = StressVerdict::kUnclear;
  friend bool operator==(const WordStress&, const WordStress&) = default;
};

struct WordResult {
  std::string text;  // as written, without the punctuation around
  double start_s = 0.0;
  double end_s = 0.0;
  double score = 0.0;
  WordVerdict verdict = WordVerdict::kOk;
  std::optional<WordStress> stress;
  std::vector<PhoneResult> phones;    // of the pronunciation that came nearest
  std::vector<std::string> inserted;  // ARPAbet: sounds added within or after the word
};

// What trained raters would say of the whole, 0-10.
struct SentenceRatings {
  double accuracy = 0.0;
  double fluency = 0.0;
  double prosodic = 0.0;
  double total = 0.0;
};

// A measured fact behind a score, for people and for whoever words the advice.
enum class ReasonKind {
  kNotThisText,      // what was said is not the text: value = share of its words that were heard
  kNoEnglishSpeech,  // no speech that fits English words: value = confidence
  kWeakWord,         // word, value = its score
  kMissingWord,      // word
  kExtraWord,        // word
  kWrongSound,       // word, phone, heard; value = its score
  kMissingSound,     // word, phone
  kWrongStress,      // word
  kLongPause,        // word = the one before it, value = seconds
  kSlow,             // value = sounds a second
  kFast,             // value = sounds a second
  kFlatMelody,       // value = spread of the pitch in semitones
};
enum class ScoreAspect { kPronunciation, kFluency, kProsody };

struct ScoreReason {
  ScoreAspect aspect = ScoreAspect::kPronunciation;
  ReasonKind kind = ReasonKind::kWeakWord;
  int word = -1;      // index into the words; -1 where it is about the whole
  std::string text;   // of the word
  std::string phone;  // ARPAbet
  std::string heard;  // ARPAbet
  double start_s = 0.0;
  double end_s = 0.0;
  double value = 0.0;
};

// One of the habits that a first language leaves, as far as this recording shows it.
struct AccentPattern {
  std::string id;                  // "TH>T", stable
  int chances = 0;                 // how often the sound was due here
  int times = 0;                   // how often it was said that way
  std::vector<std::string> words;  // examples, in reading order
  std::string tip_vi;
  std::string tip_en;
  std::vector<std::string> pairs;      // to practise: "thin/tin"
  std::string ipa;                     // of the sound that was due; empty where one is added
  std::vector<std::string> heard_ipa;  // instead or besides, the most frequent first; empty where the sound was left out
};

// Shares of PronunciationReport::text_match: below the first the recording is not of the text, from the second on it is; between, it is in part.
inline constexpr double kLeastTextMatch = 0.4;
inline constexpr double kFullTextMatch = 0.6;
// No score is above it where the recording is not of the text.
inline constexpr double kMostWithoutMatch = 2.5;

struct PronunciationReport {
  std::vector<WordResult> words;
  std::vector<Miscue> miscues;  // against the sentence to be read; empty in conversation
  SentenceRatings ratings;
  double text_match = 0.0;              // [0, 1]: how well the sound fits this text at all
  std::vector<ScoreReason> reasons;     // the weightiest first
  std::vector<AccentPattern> patterns;  // seen most often first
};

// The names on the wire.
std::string_view Name(PhoneVerdict verdict);
std::string_view Name(WordVerdict verdict);
std::string_view Name(StressVerdict verdict);
std::string_view Name(ReasonKind kind);
std::string_view Name(ScoreAspect aspect);
std::optional<PhoneVerdict> PhoneVerdictFromName(std::string_view name);
std::optional<WordVerdict> WordVerdictFromName(std::string_view name);
std::optional<StressVerdict> StressVerdictFromName(std::string_view name);
std::optional<ReasonKind> ReasonKindFromName(std::string_view name);
std::optional<ScoreAspect> ScoreAspectFromName(std::string_view name);

}  // namespace speechcoach::model
