#include "pipeline/model_speech.h"

#include <cmath>
#include <utility>

#include "audio/samples.h"

namespace speechcoach::pipeline {

base::Result<ModelSpeech> ModelSpeaker::Say(const std::string& text, voice::Speed speed) const {
  auto speech = voice_.Say(text, speed);
  if (!speech.ok()) return speech.error();
  std::vector<float> samples;
  samples.reserve(speech->samples.size());
  for (const std::int16_t sample : speech->samples) samples.push_back(static_cast<float>(sample) / 32768.0F);
  model::AudioClip clip;
  if (speech->sample_rate_hz == model::kSampleRateHz) {
    clip.samples = std::move(samples);
  } else {
    auto resampled = audio::Resample(samples, speech->sample_rate_hz, model::kSampleRateHz);
    if (!resampled.ok()) return resampled.error();
    clip.samples = std::move(*resampled);
  }
  auto report = prosody_.Extract(clip);
  if (!report.ok()) return report.error();
  return ModelSpeech{std::move(*speech), std::move(report->pitch.contour)};
}

}  // namespace speechcoach::pipeline
