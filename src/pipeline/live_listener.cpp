#include "pipeline/live_listener.h"

#include <utility>

#include "model/audio_clip.h"

namespace speechcoach::pipeline {

base::Result<std::unique_ptr<LiveListener>> LiveListener::Start(LiveEars ears, SessionEvents& events, std::string session_id,
                                                                int sample_rate_hz) {
  auto resampler = audio::StreamResampler::Make(sample_rate_hz, model::kSampleRateHz);
  if (!resampler.ok()) return resampler.error();
  std::unique_ptr<LiveListener> listener(new LiveListener(std::move(*resampler)));
  if (ears.words != nullptr) {
    listener->utterance_ =
        ears.words->Begin([&events, session_id = std::move(session_id)](const stt::PartialTranscript& partial) {
          events.Publish(session_id, TranscriptionEvent{partial.transcript, false, partial.stable_words});
        });
  }
  if (ears.voice != nullptr) listener->voice_ = ears.voice->Begin();
  return listener;
}

std::vector<VoicePoint> LiveListener::Append(std::span<const float> samples) {
  std::vector<VoicePoint> points;
  const auto resampled = resampler_->Process(samples);
  if (!resampled.ok() || resampled->empty()) return points;
  if (utterance_) utterance_->Append(*resampled);
  if (voice_) {
    for (const prosody::ProvisionalPoint& point : voice_->Append(*resampled))
      points.push_back({point.time_s, point.f0_hz, point.level_dbfs});
  }
  return points;
}

}  // namespace speechcoach::pipeline
