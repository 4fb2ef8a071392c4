#include "stt/internal/evidence.h"

#include <algorithm>
#include <cmath>

#include "base/clock.h"
#include "model/audio_clip.h"

namespace speechcoach::stt {
namespace {

constexpr std::size_t kFrameSamples = static_cast<std::size_t>(model::kEncoderFrameS * model::kSampleRateHz);

std::size_t Frames(std::size_t samples) { return (samples + kFrameSamples - 1) / kFrameSamples; }

}  // namespace

base::Status EvidenceCollector::Collect(WhisperSession& session, const DecodeRequest& request, const SpeechWindow& window) {
  model::EncoderFeatures& features = evidence_.features;
  if (features.frames == 0) {
    const std::size_t begin = windows_.front().begin;
    features.offset_s = static_cast<double>(begin) / model::kSampleRateHz;
    features.dim = session.EncoderWidth();
    features.frames = Frames(windows_.back().end - begin);
    features.values.assign(features.frames * features.dim, 0.0F);
  }
  const std::size_t first = (window.begin - windows_.front().begin) / kFrameSamples;
  const std::size_t count = Frames(window.end - window.begin);
  session.ReadEncoderOutput(std::span(features.values).subspan(first * features.dim, count * features.dim));

  if (text_.empty() || windows_.size() > 1) return {};
  const base::Stopwatch watch;
  auto scores = session.ScoreText(request, text_);
  if (!scores.ok()) return scores.error();
  evidence_.text = std::move(*scores);
  evidence_.text_ms = watch.ElapsedMs();
  return {};
}

}  // namespace speechcoach::stt
