// Words while the learner still speaks: samples in at their own rate, partial transcripts out to those who watch the session.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "audio/stream_resampler.h"
#include "base/result.h"
#include "pipeline/session_events.h"
#include "stt/live_transcriber.h"

namespace speechcoach::pipeline {

// Partial transcripts end when it is destroyed. One thread at a time.
class LiveListener {
 public:
  // `live` and `events` outlive it. Errors: kInternal (a rate that cannot be resampled).
  static base::Result<std::unique_ptr<LiveListener>> Start(stt::LiveTranscriber& live, SessionEvents& events, std::string session_id, int sample_rate_hz);

  // Cheap enough for an I/O thread.
  void Append(std::span<const float> samples);

 private:
  LiveListener(std::unique_ptr<audio::StreamResampler> resampler, std::unique_ptr<stt::LiveUtterance> utterance)
      : resampler_(std::move(resampler)), utterance_(std::move(utterance)) {}

  std::unique_ptr<audio::StreamResampler> resampler_;
  std::unique_ptr<stt::LiveUtterance> utterance_;
};

}  // namespace speechcoach::pipeline
