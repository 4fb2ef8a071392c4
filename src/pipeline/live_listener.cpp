#include "pipeline/live_listener.h"

#include <utility>

#include "model/audio_clip.h"

namespace speechcoach::pipeline {

base::Result<std::unique_ptr<LiveListener>> LiveListener::Start(stt::LiveTranscriber& live, SessionEvents& events, std::string session_id,
                                                                int sample_rate_hz) {
  auto resampler = audio::StreamResampler::Make(sample_rate_hz, model::kSampleRateHz);
  if (!resampler.ok()) return resampler.error();
  auto utterance = live.Begin([&events, session_id = std::move(session_id)](const stt::PartialTranscript& partial) {
    events.Publish(session_id, TranscriptionEvent{partial.transcript, false, partial.stable_words});
  });
  return std::unique_ptr<LiveListener>(new LiveListener(std::move(*resampler), std::move(utterance)));
}

void LiveListener::Append(std::span<const float> samples) {
  const auto resampled = resampler_->Process(samples);
  if (resampled.ok() && !resampled->empty()) utterance_->Append(*resampled);
}

}  // namespace speechcoach::pipeline
