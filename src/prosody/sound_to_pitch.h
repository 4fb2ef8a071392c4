// Fundamental frequency by autocorrelation.
//
// P. Boersma (1993): Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a
// sampled sound. IFA Proceedings 17, 97-110.
//
// Each frame, three periods of the floor long, is freed of its mean, windowed (Hanning) and autocorrelated; dividing by
// the window's own autocorrelation undoes the taper. Maxima between 1 / ceiling and 1 / floor are the candidates,
// with silence and weak periodicity speaking for "unvoiced"; the best path through all frames decides.
#pragma once

#include <cstddef>
#include <memory>
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

// The same, frame by frame as the recording comes in. A frame's candidates depend on nothing but the samples round it; what
// depends on the whole recording (its largest amplitude, the path) is left to BestPath().
class PitchAnalysis {
 public:
  explicit PitchAnalysis(const PitchParameters& parameters);
  ~PitchAnalysis();
  PitchAnalysis(PitchAnalysis&&) noexcept;
  PitchAnalysis& operator=(PitchAnalysis&&) noexcept;

  double window_s() const;
  std::size_t frames() const;

  // How many samples the frame at `time_s` reads from the recording's start on.
  std::size_t SamplesNeeded(double time_s) const;
  // Adds the frame at `time_s`, whose window is moved inside `samples` where it would leave them; they hold at least one window.
  void Append(std::span<const float> samples, double time_s);

  // Through frames [first, first + grid.count), which must be there; `grid` says when they are. Candidates outside
  // [floor_hz, ceiling_hz] are left out; the ceiling is at most the parameters'.
  PitchTrack BestPath(const FrameGrid& grid, std::size_t first, double global_peak, double floor_hz, double ceiling_hz) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace speechcoach::prosody
