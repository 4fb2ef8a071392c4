// Reports -> the six scores of the product. Pure functions; the same evidence gives the same scores to the last digit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/pronunciation_report.h"
#include "model/prosody_report.h"
#include "model/rating.h"
#include "model/scores.h"
#include "model/session.h"
#include "model/transcript.h"

namespace speechcoach::scoring {

// A sound of a word that did not come out as it should.
struct SoundFinding {
  enum class Verdict { kSubstituted, kDeleted, kDistorted, kInserted };
  enum class Position { kInitial, kMedial, kFinal };
  std::string word;   // as written in the text, without punctuation
  std::string phone;  // ARPAbet without stress, "TH"; empty where inserted
  Verdict verdict = Verdict::kDistorted;
  std::string heard;  // ARPAbet; empty where deleted or distorted
  Position position = Position::kMedial;
  double confidence = 0.0;  // [0, 1]
  std::string tip_vi;       // how to make the sound; may be empty
  std::string tip_en;
};

// What the learner did before, for advice that goes on from there. Never moves a score.
struct LearnerHistory {
  int sessions = 0;                        // finished before this one
  double best_overall = 0.0;               // of them
  std::optional<model::Scores> last;       // of the latest one in the same mode
  std::vector<std::string> last_troubled;  // words it missed or replaced, as written
  std::vector<std::string> last_phrases;   // model::FeedbackSource::phrases of the latest feedback
};

// All that scores and advice may rest on.
struct Evidence {
  model::Mode mode = model::Mode::kConversation;
  model::Locale locale = model::Locale::kVi;
  std::string reference_text;                               // sentence practice
  std::optional<model::Transcript> transcript;              // absent where transcription failed
  model::ProsodyReport prosody;                             // may be minimal
  std::optional<model::PronunciationReport> pronunciation;  // absent where it was not measured
  double audio_duration_s = 0.0;
  std::vector<SoundFinding> sounds;           // where pronunciation was judged sound by sound
  std::string level;                          // CEFR, "A1" to "C1"; empty where not known
  std::optional<LearnerHistory> history;      // absent for a guest's first session
  std::string session_id;                     // empty where there is none; decides which of equally true wordings is taken
  model::RatingCalibration calibration = {};  // of what pronunciation was rated
};

struct ScoreReport {
  model::Scores scores;
  std::vector<model::Miscue> miscues;  // sentence practice with a transcript
  model::Emotion emotion;              // indicative, with its evidence
};

ScoreReport ComputeScores(const Evidence& evidence);

}  // namespace speechcoach::scoring
