// Fundamental frequency by autocorrelation.
//
// P. Boersma (1993): Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a
// sampled sound. IFA Proceedings 17, 97-110.
//
// Each frame, three periods of the floor long, is freed of its mean, windowed (Hanning) and autocorrelated; dividing by
// the window's own autocorrelation undoes the taper. Maxima between 1 / ceiling and 1 / floor are the candidates,
// with silence and weak periodicity speaking for "unvoiced"; the best path through all frames decides.
#pragma once

#include <span>

#include "prosody/pitch_track.h"

namespace speechcoach::prosody {

// Names and defaults as in Praat's "To Pitch (ac)".
struct PitchParameters {
  double time_step_s = 0.01;
  double pitch_floor_hz = 75.0;        // also sets the window: 3 / floor
  int max_candidates = 15;             // a frame, "unvoiced" among them; >= 2
  double silence_threshold = 0.03;     // of the recording's largest amplitude
  double voicing_threshold = 0.45;     // of the largest possible autocorrelation
  double octave_cost = 0.01;           // an octave
  double octave_jump_cost = 0.35;      // an octave
  double voiced_unvoiced_cost = 0.14;  // a transition
  double pitch_ceiling_hz = 600.0;     // > floor, <= 4000
};

// `samples` at model::kSampleRateHz, finite, at most 4 in magnitude. A recording shorter than the window has no frames.
PitchTrack SoundToPitch(std::span<const float> samples, const PitchParameters& parameters);

}  // namespace speechcoach::prosody
