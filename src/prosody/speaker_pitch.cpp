#include "prosody/speaker_pitch.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "prosody/statistics.h"

namespace speechcoach::prosody {
namespace {

constexpr double kLowestFloorHz = 50.0;
constexpr double kHighestFloorHz = 300.0;
constexpr std::size_t kEnoughFrames = 10;

double StepBelow(double floor_hz) {
  constexpr double kStepsPerOctave = 4.0;
  const double steps = std::floor(kStepsPerOctave * std::log2(floor_hz / kLowestFloorHz) + 1e-9);
  return kLowestFloorHz * std::exp2(steps / kStepsPerOctave);
}

}  // namespace

// The whole range of speaking voices, in steps that are fine enough for quartiles. In windows that hold several periods of
// a high voice, two periods look as much alike as one: the higher octave cost speaks for the shorter.
PitchParameters RangeSearchParameters() {
  PitchParameters parameters;
  parameters.time_step_s = 0.02;
  parameters.pitch_floor_hz = 60.0;
  parameters.pitch_ceiling_hz = 700.0;
  parameters.octave_cost = 0.06;
  return parameters;
}

PitchRange RangeOf(PitchTrack first_pass, const std::vector<SoundingInterval>& sounding) {
  const std::vector<double> voiced = WithinSounding(std::move(first_pass), sounding).VoicedF0();
  if (voiced.size() < kEnoughFrames) return {};
  PitchRange range;
  range.floor_hz = StepBelow(std::clamp(0.75 * Quantile(voiced, 0.25), kLowestFloorHz, kHighestFloorHz));
  range.ceiling_hz = std::min(2.0 * Quantile(voiced, 0.75), kHighestCeilingHz);
  return range;
}

PitchRange FindPitchRange(std::span<const float> samples, const std::vector<SoundingInterval>& sounding) {
  return RangeOf(SoundToPitch(samples, RangeSearchParameters()), sounding);
}

PitchParameters ParametersFor(const PitchRange& range) {
  PitchParameters parameters;
  parameters.pitch_floor_hz = range.floor_hz;
  parameters.pitch_ceiling_hz = range.ceiling_hz;
  return parameters;
}

PitchTrack WithinSounding(PitchTrack track, const std::vector<SoundingInterval>& sounding) {
  for (std::size_t i = 0; i < track.frames.size(); ++i) {
    if (!IsSounding(track.grid.TimeOf(i), sounding)) track.frames[i] = {};
  }
  return track;
}

}  // namespace speechcoach::prosody
