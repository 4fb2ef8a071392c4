// The model voice's reading of a sentence, measured as a learner's is.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/prosody_report.h"
#include "prosody/prosody_extractor.h"
#include "voice/model_voice.h"

namespace speechcoach::pipeline {

struct ModelSpeech {
  voice::ModelSpeech speech;
  std::vector<model::PitchPoint> contour;  // every 10 ms
};

// Thread-safe. `voice` and `prosody` outlive it.
class ModelSpeaker {
 public:
  ModelSpeaker(voice::ModelVoice& voice, prosody::ProsodyExtractor& prosody) : voice_(voice), prosody_(prosody) {}

  // Blocks for about a tenth of the speech's length. Errors: kBadField (nothing to say, or too much), kProsodyFailed.
  base::Result<ModelSpeech> Say(const std::string& text, voice::Speed speed) const;

 private:
  voice::ModelVoice& voice_;
  prosody::ProsodyExtractor& prosody_;
};

}  // namespace speechcoach::pipeline
