// Words, melody and loudness while the learner still speaks: samples in at their own rate, partial transcripts out to those who
// watch the session.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "audio/stream_resampler.h"
#include "base/result.h"
#include "pipeline/session_events.h"
#include "prosody/live_prosody.h"
#include "stt/live_transcriber.h"

namespace speechcoach::pipeline {

// One moment of the voice, as far as it can be told before the end.
struct VoicePoint {
  double time_s = 0.0;
  double f0_hz = 0.0;  // 0 where unvoiced
  double level_dbfs = 0.0;
};

// What listens to a recording. Either may be null; both outlive the listener.
struct LiveEars {
  stt::LiveTranscriber* words = nullptr;
  prosody::LiveProsody* voice = nullptr;
};

// Partial transcripts end when it is destroyed, and what was found out about the voice is left to the final analysis. One thread
// at a time.
class LiveListener {
 public:
  // `events` outlives it. Errors: kInternal (a rate that cannot be resampled).
  static base::Result<std::unique_ptr<LiveListener>> Start(LiveEars ears, SessionEvents& events, std::string session_id,
                                                           int sample_rate_hz);

  // The points that became known, 20 ms apart, each told once, about 0.1 s after its moment; none where as many voices are
  // listened to as can be. Cheap enough for an I/O thread.
  std::vector<VoicePoint> Append(std::span<const float> samples);

 private:
  explicit LiveListener(std::unique_ptr<audio::StreamResampler> resampler) : resampler_(std::move(resampler)) {}

  std::unique_ptr<audio::StreamResampler> resampler_;
  std::unique_ptr<stt::LiveUtterance> utterance_;       // may be null
  std::unique_ptr<prosody::LiveProsody::Voice> voice_;  // may be null
};

}  // namespace speechcoach::pipeline
