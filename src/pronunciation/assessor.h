// One recording and its text -> how it was pronounced.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/audio_clip.h"
#include "model/encoder_features.h"
#include "model/pronunciation_report.h"
#include "model/prosody_report.h"
#include "model/transcript.h"
#include "pronunciation/features.h"
#include "pronunciation/parameters.h"

namespace speechcoach::pronunciation {

// What the other stages found out. Everything referred to outlives the call.
struct Recording {
  const model::AudioClip& clip;
  const model::SpeechEvidence& evidence;
  const model::Transcript& transcript;
  const model::ProsodyReport& prosody;
};

// Immutable; thread-safe.
class Assessor {
 public:
  virtual ~Assessor() = default;

  // `text` is what was to be read; empty: what the transcript says, and no miscues. Deterministic.
  // What has more sounds than the recording can hold was not said: all its words are omitted, the match and the ratings are 0.
  // Errors: kNoSpeech (the text has no words, or the recording no frames), kInternal (the encoder's output is of another kind).
  virtual base::Result<model::PronunciationReport> Assess(const Recording& recording, const std::string& text) const = 0;
};

// With the parameters that are part of the program. Errors: kModelUnavailable.
base::Result<std::unique_ptr<Assessor>> MakeAssessor();
base::Result<std::unique_ptr<Assessor>> MakeAssessor(std::shared_ptr<const Parameters> parameters);

// The numbers alone, for a text whose pronunciations are given. None where it is empty or has more phones than the recording has frames.
struct RatedAlignment {
  Parameters::Ratings ratings;
  Alignment alignment;
  std::vector<model::WordResult>
      words;  // with the verdicts that a learner is shown, as if nothing had been left out, replaced or added
};
base::Result<RatedAlignment> RateText(const Parameters& parameters, const Recording& recording, const ReferenceText& text);

}  // namespace speechcoach::pronunciation
