// Speech to text.
#pragma once

#include <functional>
#include <stop_token>

#include "base/result.h"
#include "model/audio_clip.h"
#include "model/transcript.h"

namespace speechcoach::stt {

struct TranscribeOptions {
  std::stop_token stop;                       // ends the work early with kCancelled
  std::function<void(double)> on_progress{};  // share done, 0-1, never backwards; called on the calling thread's behalf
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
