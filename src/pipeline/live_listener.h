// Words, melody and plainly wrong sounds while the learner still speaks: a recording in as it comes, partial transcripts and hints out to
// those who watch the session.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "audio/audio_decoder.h"
#include "base/result.h"
#include "pipeline/audio_source.h"
#include "pipeline/session_events.h"
#include "pronunciation/live_hints.h"
#include "prosody/live_prosody.h"
#include "stt/live_transcriber.h"

namespace speechcoach::pipeline {

// One moment of the voice, as far as it can be told before the end.
struct VoicePoint {
  double time_s = 0.0;
  double f0_hz = 0.0;  // 0 where unvoiced
  double level_dbfs = 0.0;
};

inline constexpr std::chrono::milliseconds kLivePatience{2000};

// What listens to a recording. All outlive the listener.
struct LiveEars {
  stt::LiveTranscriber* words = nullptr;               // may be null
  prosody::LiveProsody* voice = nullptr;               // may be null
  const pronunciation::HintFinder* hints = nullptr;    // may be null
  audio::AudioDecoder* decoder = nullptr;              // of what is not PCM; where null nothing is heard of it
  std::function<void(std::function<void()>)> run;      // runs tasks one after the other, somewhere else or at once
  std::chrono::milliseconds patience = kLivePatience;  // what waited longer for `run` is of no use any more
};

// What it listens to.
struct Heard {
  std::string session_id;
  std::string reference_text;  // the sentence to be read; empty: no hints
  AudioSource source;
  double max_seconds = 60.0;  // of what is not PCM: longer is listened to no more
};

// Partial transcripts end when it is destroyed, and so does what it tells of the voice: its end waits for what is being told, a
// broker's answer among it, and belongs on no I/O thread. One thread at a time.
class LiveListener {
 public:
  // The points that became known with one Append, or a second of it, 20 ms apart, each told once; none where as many voices are listened to as can be,
  // or it has fallen behind. Called where `ears.run` runs.
  using OnVoice = std::function<void(const std::vector<VoicePoint>&)>;

  // `events` outlives it. Errors: kInternal (a rate that cannot be resampled), kUnsupportedFormat (nobody decodes it).
  static base::Result<std::unique_ptr<LiveListener>> Start(const LiveEars& ears, SessionEvents& events, Heard heard,
                                                           OnVoice on_voice);
  ~LiveListener();

  // The recording's bytes, in order; of PCM whole samples. Leaves the work to `ears.run`, a second at a time: what is long keeps no other
  // listener waiting. `on_voice` is called for each of them, at least once. False once that has fallen behind, or cannot be decoded: it
  // listens no more, and what it still holds goes with it.
  bool Append(std::vector<std::uint8_t> bytes);

 private:
  struct Ear;
  explicit LiveListener(std::shared_ptr<Ear> ear);

  const std::shared_ptr<Ear> ear_;  // shared with the tasks under way
};

}  // namespace speechcoach::pipeline
