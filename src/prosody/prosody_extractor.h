// Recording -> melody, loudness, rhythm, pauses.
#pragma once

#include "base/result.h"
#include "model/audio_clip.h"
#include "model/prosody_report.h"
#include "model/transcript.h"

namespace speechcoach::prosody {

// Thread-safe, no state.
class ProsodyExtractor {
 public:
  virtual ~ProsodyExtractor() = default;

  // Everything that needs only the sound. Deterministic. Silence gives a report of zeros, not an error.
  // Errors: kProsodyFailed (samples that are not finite, or none at all).
  virtual base::Result<model::ProsodyReport> Extract(const model::AudioClip& clip) = 0;
};

// The product's extractor.
class SoundProsodyExtractor final : public ProsodyExtractor {
 public:
  base::Result<model::ProsodyReport> Extract(const model::AudioClip& clip) override;
};

// Loudness and pauses alone, for when the full extraction failed: `minimal` is set. Never fails.
model::ProsodyReport ExtractMinimal(const model::AudioClip& clip);

// What needs the words as well: words a minute, the pauses' places, fillers among the words, phrases, and how each word stands
// out; rhythm and melody are measured anew with them. Words in time order.
void AddTranscript(model::ProsodyReport& report, const model::Transcript& transcript);

}  // namespace speechcoach::prosody
