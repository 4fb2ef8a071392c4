#include "prosody/speaker_pitch.h"

#include <algorithm>
#include <vector>

#include "prosody/statistics.h"

namespace speechcoach::prosody {
namespace {

constexpr double kLowestFloorHz = 50.0;
constexpr double kHighestFloorHz = 300.0;
constexpr double kHighestCeilingHz = 800.0;
constexpr std::size_t kEnoughFrames = 10;

// The whole range of speaking voices, in steps that are fine enough for quartiles.
PitchParameters FirstPass() {
  PitchParameters parameters;
  parameters.time_step_s = 0.02;
  parameters.pitch_floor_hz = 60.0;
  parameters.pitch_ceiling_hz = 700.0;
  return parameters;
}

}  // namespace

PitchRange FindPitchRange(std::span<const float> samples) {
  const std::vector<double> voiced = SoundToPitch(samples, FirstPass()).VoicedF0();
  if (voiced.size() < kEnoughFrames) return {};
  PitchRange range;
  range.floor_hz = std::clamp(0.75 * Quantile(voiced, 0.25), kLowestFloorHz, kHighestFloorHz);
  range.ceiling_hz = std::min(2.5 * Quantile(voiced, 0.75), kHighestCeilingHz);
  return range;
}

PitchParameters ParametersFor(const PitchRange& range) {
  PitchParameters parameters;
  parameters.pitch_floor_hz = range.floor_hz;
  parameters.pitch_ceiling_hz = range.ceiling_hz;
  return parameters;
}

}  // namespace speechcoach::prosody
