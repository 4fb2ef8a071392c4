// Where somebody speaks.
#pragma once

#include <vector>

#include "model/audio_clip.h"

namespace speechcoach::audio {

struct SpeechSegment {
  double start_s = 0.0;
  double end_s = 0.0;
};

// Speech by level above the recording's own noise floor and by periodicity, in 10 ms frames; silence, steady noise and
// hum give none. Deterministic; reads only `clip`.
std::vector<SpeechSegment> FindSpeech(const model::AudioClip& clip);

}  // namespace speechcoach::audio
