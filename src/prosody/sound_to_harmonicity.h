// Harmonics-to-noise ratio over time, by forward cross-correlation.
//
// P. Boersma (1993), as for sound_to_pitch.h: where the part of the energy that repeats after one period is r, the ratio
// is r / (1 - r). r is the largest normalised correlation of one period of the lowest pitch with what follows it.
#pragma once

#include <span>
#include <vector>

#include "prosody/frame_grid.h"
#include "prosody/pitch_track.h"

namespace speechcoach::prosody {

// Names and defaults as in Praat's "To Harmonicity (cc)".
struct HarmonicityParameters {
  double time_step_s = 0.01;
  double minimum_pitch_hz = 75.0;
  double silence_threshold = 0.1;  // of the recording's largest amplitude
  double periods_per_window = 1.0;
};

// The value of a frame that is silent, as in Praat.
inline constexpr double kNoHarmonicityDb = -200.0;

struct Harmonicity {
  FrameGrid grid;
  std::vector<double> hnr_db;  // grid.count; kNoHarmonicityDb where silent

  // Over the frames that are not silent, as Praat's "Get mean"; kNoHarmonicityDb where all are.
  double Mean() const;
  // Over those of them in which `pitch` is voiced.
  double MeanOverVoiced(const PitchTrack& pitch) const;
};

// `samples` at model::kSampleRateHz, finite, at most 4 in magnitude. A recording shorter than two windows has no frames.
Harmonicity SoundToHarmonicity(std::span<const float> samples, const HarmonicityParameters& parameters);

}  // namespace speechcoach::prosody
