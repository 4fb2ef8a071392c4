// Words while the learner still speaks.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "model/encoder_features.h"
#include "model/transcript.h"
#include "stt/transcriber.h"

namespace speechcoach::stt {

struct PartialTranscript {
  model::Transcript transcript;  // what was heard so far
  std::size_t stable_words = 0;  // its first so many words will not change; never falls
  // What the encoder made of the sound of this hearing, which may begin later than the words. Null where the model is not kEvidenceModel.
  std::shared_ptr<const model::EncoderFeatures> features{};
};

// A recording that grows. Ends when destroyed: `on_partial` is not called any more, and what was under way is stopped.
class LiveUtterance {
 public:
  virtual ~LiveUtterance() = default;

  // 16 kHz samples. Any thread; never waits for the model. More than 60 s are not listened to.
  virtual void Append(std::span<const float> samples) = 0;
};

// Thread-safe. Outlives its utterances.
class LiveTranscriber {
 public:
  using OnPartial = std::function<void(const PartialTranscript&)>;
  virtual ~LiveTranscriber() = default;

  // `on_partial` is called on a thread of this class, where the words have changed; it must return quickly, and neither append to
  // nor destroy the utterance.
  virtual std::unique_ptr<LiveUtterance> Begin(OnPartial on_partial) = 0;
};

// Hears what has come so far again and again with `transcriber`, which outlives it: first after half a second of sound, then whenever half a second
// has been added (a quarter, as long as no words are stable, but for eight hearings only), less often where the machine does not keep up, and once
// when the learner pauses. Sound in which no words were heard is let go but for its last 4 s. At most 64 utterances at once; further ones get no
// partial transcripts. It gives way to every other transcription of `transcriber`; an engine that fails is tried again ever later.
std::unique_ptr<LiveTranscriber> MakeLiveTranscriber(Transcriber& transcriber);

}  // namespace speechcoach::stt
