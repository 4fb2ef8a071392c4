// Harmonics-to-noise ratio over time, by forward cross-correlation.
//
// P. Boersma (1993), as for sound_to_pitch.h: where the part of the energy that repeats after one period is r, the ratio
// is r / (1 - r). r is the largest normalised correlation of one period of the lowest pitch with what follows it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "prosody/frame_grid.h"
#include "prosody/lag_peaks.h"
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

// The same, frame by frame as the recording comes in. A frame's correlation depends on nothing but the samples round it; whether
// it is silent depends on the whole recording and is left to Finish().
class HarmonicityAnalysis {
 public:
  explicit HarmonicityAnalysis(const HarmonicityParameters& parameters);

  double span_s() const { return span_s_; }
  std::size_t frames() const { return frames_.size(); }

  // How many samples the frame at `time_s` reads from the recording's start on.
  std::size_t SamplesNeeded(double time_s) const;
  // Adds the frame at `time_s`. Where it is silent against `least_peak`, its correlation is not looked at yet.
  void Append(std::span<const float> samples, double time_s, double least_peak);

  // Frames [0, grid.count), which must be there. `samples` is the whole recording, `global_peak` its largest amplitude.
  Harmonicity Finish(std::span<const float> samples, const FrameGrid& grid, double global_peak);

 private:
  struct Frame {
    float mean = 0.0F;
    float peak = 0.0F;
    std::optional<double> strength;
  };
  double Silent(const Frame& frame, double global_peak) const;
  double Strength(std::span<const float> samples, double time_s, float mean);

  double silence_threshold_;
  double longest_period_;  // samples
  double span_s_;
  std::size_t half_window_;
  std::vector<float> sound_;
  std::vector<float> correlation_;
  LagFunction function_;
  std::vector<LagPeak> peaks_;
  std::vector<Frame> frames_;
};

}  // namespace speechcoach::prosody
