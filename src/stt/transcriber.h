// Speech to text.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "model/audio_clip.h"
#include "model/encoder_features.h"
#include "model/transcript.h"

namespace speechcoach::stt {

struct TranscribeOptions {
  std::stop_token stop;                       // ends the work early with kCancelled
  std::function<void(double)> on_progress{};  // share done, 0-1, never backwards; called on the calling thread's behalf
  // Called once, before Transcribe returns ok, where the model is kEvidenceModel (see speech_encoder.h); else never.
  std::function<void(model::SpeechEvidence)> on_evidence{};
  std::string reference_text{};  // scored in the evidence; may be empty
  // Ends with kBusy where another call that does not give way is under way, or begins meanwhile. Doubtful texts are not heard again.
  bool gives_way = false;
};

// Thread-safe; calls beyond what the engine runs at once wait their turn.
class Transcriber {
 public:
  virtual ~Transcriber() = default;

  // English speech. An empty transcript means that no words were heard. Blocks.
  // Errors: kSttFailed, kModelUnavailable, kTimeout, kCancelled, kBusy.
  virtual base::Result<model::Transcript> Transcribe(const model::AudioClip& clip, const TranscribeOptions& options) = 0;
};

}  // namespace speechcoach::stt
