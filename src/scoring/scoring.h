// Reports -> the six scores of the product. Pure functions; the same evidence gives the same scores to the last digit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/prosody_report.h"
#include "model/scores.h"
#include "model/session.h"
#include "model/transcript.h"

namespace speechcoach::scoring {

// All that scores and advice may rest on.
struct Evidence {
  model::Mode mode = model::Mode::kConversation;
  model::Locale locale = model::Locale::kVi;
  std::string reference_text;                   // sentence practice
  std::optional<model::Transcript> transcript;  // absent where transcription failed
  model::ProsodyReport prosody;                 // may be minimal
  double audio_duration_s = 0.0;
};

struct ScoreReport {
  model::Scores scores;
  std::vector<model::Miscue> miscues;  // sentence practice with a transcript
};

ScoreReport ComputeScores(const Evidence& evidence);

}  // namespace speechcoach::scoring
