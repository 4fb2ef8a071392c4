#include "prosody/live_prosody.h"

#include "model/audio_clip.h"

namespace speechcoach::prosody {
namespace {

// What is kept is measured anew: two seconds for each that is.
constexpr std::size_t kMostSamples = 3 * model::kSampleRateHz;
constexpr std::size_t kKeptSamples = 1 * model::kSampleRateHz;

}  // namespace

std::unique_ptr<LiveProsody::Voice> LiveProsody::Begin() {
  if (++voices_ <= most_voices_) return std::unique_ptr<Voice>(new Voice(*this));
  --voices_;
  return nullptr;
}

std::vector<ProvisionalPoint> LiveProsody::Voice::Append(std::span<const float> samples) {
  analysis_.Add(samples);
  analysis_.WorkAheadOnPitch();
  std::vector<ProvisionalPoint> points = NewPoints(analysis_, told_);
  for (ProvisionalPoint& point : points) point.time_s += begin_s_;
  if (analysis_.samples().size() > kMostSamples) {
    const std::size_t steps = (analysis_.samples().size() - kKeptSamples) / ProsodyAnalysis::kForgetStep;
    const std::size_t dropped = steps * ProsodyAnalysis::kForgetStep;
    analysis_.Forget(dropped);
    begin_s_ += static_cast<double>(dropped) / model::kSampleRateHz;
    told_ -= steps;  // a point every kForgetStep samples
  }
  return points;
}

}  // namespace speechcoach::prosody
