// Melody, loudness, rhythm and pauses of a recording. Field for field the structure of the product's JSON
// (`prosody_features`); times in seconds from the start of the recording.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace speechcoach::model {

struct PitchPoint {
  double time_s = 0.0;
  double f0_hz = 0.0;  // 0 where unvoiced
};

struct Pitch {
  double mean_hz = 0.0;  // over voiced frames; 0 where nothing is voiced
  double std_hz = 0.0;
  double range_hz = 0.0;            // 95th minus 5th percentile of voiced frames
  std::vector<PitchPoint> contour;  // every 10 ms
};

struct LevelPoint {
  double time_s = 0.0;
  double level_dbfs = 0.0;
};

struct Energy {
  double mean = 0.0;                  // mean level of voiced frames, dBFS mapped from [-60, 0] to [0, 1]
  double dynamic_range = 0.0;         // (p95 - p5 of voiced level) / 60 dB, [0, 1]
  std::vector<LevelPoint> contour{};  // every 10 ms; for what is computed later from the report, not in the JSON
};

struct SpeakingRate {
  double syllables_per_second = 0.0;       // speaking rate: syllable nuclei over the time from first to last speech
  std::optional<double> words_per_minute;  // needs a transcript
};

enum class PausePlace {
  kUnknown,       // no transcript
  kBoundary,      // where the sentence has a joint: after a punctuation mark, before a word that opens a clause
  kWithinPhrase,  // between words that belong together, or inside one
};

struct Pause {
  double start_s = 0.0;
  double end_s = 0.0;
  PausePlace place = PausePlace::kUnknown;
};

struct Pauses {
  double avg_duration_s = 0.0;   // 0 where there are none
  std::vector<Pause> positions;  // silences inside the speech, not before or after it
};

// One syllable, round a maximum of the level that is voiced.
struct Syllable {
  double time_s = 0.0;   // of the maximum
  double start_s = 0.0;  // of the vocalic part; contains time_s
  double end_s = 0.0;
  double f0_hz = 0.0;             // at the maximum
  double level_dbfs = 0.0;        // at the maximum
  std::optional<double> f1_hz{};  // lowest two formants at the maximum, where they are plain
  std::optional<double> f2_hz{};
};

struct FilledPause {
  double start_s = 0.0;
  double end_s = 0.0;
};

// How the speech flows; prosody/rhythm.h defines each. A rate is 0 where nothing is said, an optional is absent where
// there are too few syllables to tell.
struct Rhythm {
  double articulation_rate = 0.0;            // syllables a second of speech, pauses left out
  double phonation_ratio = 0.0;              // speech without pauses over the time from first to last speech, [0, 1]
  double mean_run_syllables = 0.0;           // mean length of run: syllables between two pauses, silent or filled
  double mean_run_s = 0.0;                   // the same in seconds
  std::optional<double> npvi_v{};            // normalised pairwise variability index of the vocalic parts, 0-200
  std::optional<double> percent_v{};         // vocalic share of the speech, 0-100
  std::vector<FilledPause> filled_pauses{};  // "um", "uh": by their sound, and by the words where there is a transcript
};

enum class FinalTone { kUnknown, kFall, kLevel, kRise };

// A stretch of speech between two pauses; with a transcript also ended by a punctuation mark.
struct Phrase {
  double start_s = 0.0;
  double end_s = 0.0;
  std::optional<std::size_t> first_word{};  // in the transcript
  std::optional<std::size_t> last_word{};
  FinalTone final_tone = FinalTone::kUnknown;
  std::optional<double> final_movement_st{};     // semitones over the last voiced 0.4 s; above 0 it rises
  std::optional<double> declination_st_per_s{};  // slope of the melody; below 0 it sinks
};

// prosody/melody.h defines each.
struct Melody {
  std::optional<double> spread_st{};             // standard deviation of F0 in semitones
  std::optional<double> monotony{};              // [0, 1]; 1 is one tone throughout
  std::optional<double> declination_st_per_s{};  // over the phrases long enough to tell
  std::vector<Phrase> phrases{};                 // in time order
};

// How a word of the transcript stands out; in the transcript's order.
struct WordProsody {
  double prominence = 0.0;  // standard deviations above the recording's mean word, from F0, level and length together
  bool prominent = false;
  bool expected = false;  // a content word, which English usually stresses
};

// Indicators in [0, 1]; prosody/confidence.h defines each.
struct ConfidenceIndicators {
  double pitch_stability = 0.0;
  double energy_consistency = 0.0;
  double hesitation_score = 0.0;  // lower is better
};

struct ProsodyReport {
  Pitch pitch;
  Energy energy;
  SpeakingRate speaking_rate;
  Pauses pauses;
  ConfidenceIndicators confidence;
  Rhythm rhythm;
  Melody melody;
  std::vector<Syllable> syllables;      // in time order
  std::vector<WordProsody> words;       // needs a transcript
  std::optional<double> jitter_local;   // fraction, e.g. 0.012; absent where too little is voiced
  std::optional<double> shimmer_local;  // fraction
  std::optional<double> hnr_db;         // mean harmonics-to-noise ratio of voiced frames
  double speech_start_s = 0.0;
  double speech_end_s = 0.0;
  // Made from loudness alone because the pitch analysis failed: pitch, jitter, shimmer and HNR hold nothing.
  bool minimal = false;
};

}  // namespace speechcoach::model
