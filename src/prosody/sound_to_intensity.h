// Level over time.
//
// The mean square of the sound under a Kaiser window (beta 20.24: side lobes below -190 dB) whose effective length, half
// of the whole, is 3.2 periods of the lowest pitch, so that the level does not ripple with the voice (Praat manual, "Sound: To
// Intensity...").
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "prosody/frame_grid.h"

namespace speechcoach::prosody {

// Names and defaults as in Praat.
struct IntensityParameters {
  double minimum_pitch_hz = 100.0;
  double time_step_s = 0.0;   // 0: a quarter of the effective window, 0.8 / minimum pitch
  bool subtract_mean = true;  // of each window, against a constant offset of the recording
};

// The level of a frame in which nothing sounds at all.
inline constexpr double kNoSoundDbfs = -200.0;
// Praat takes a sample of 1 for 1 pascal and gives dB above 20 micropascal: its figure is ours plus this.
inline constexpr double kFullScaleDbSpl = 93.9794;

struct Intensity {
  FrameGrid grid;
  std::vector<double> level_dbfs;  // grid.count; 10 log10 of the mean square, so a full-scale sine has -3.01

  // Of the frame whose middle is nearest; kNoSoundDbfs where there are no frames.
  double LevelAt(double time_s) const { return level_dbfs.empty() ? kNoSoundDbfs : level_dbfs[grid.NearestTo(time_s)]; }
};

// `samples` at model::kSampleRateHz, finite, at most 4 in magnitude. A recording that is shorter than the window (6.4 periods)
// has one frame, made from what there is; an empty one has none.
Intensity SoundToIntensity(std::span<const float> samples, const IntensityParameters& parameters);

// The same, frame by frame as the recording comes in. A frame depends on nothing but the samples round it.
class IntensityAnalysis {
 public:
  explicit IntensityAnalysis(const IntensityParameters& parameters);

  double window_s() const { return window_s_; }
  double time_step_s() const { return time_step_s_; }
  std::size_t frames() const { return level_dbfs_.size(); }
  const std::vector<double>& level_dbfs() const { return level_dbfs_; }

  // How many samples the frame at `time_s` reads from the recording's start on.
  std::size_t SamplesNeeded(double time_s) const;
  // Adds the frame at `time_s`; what lies beyond the ends of `samples` is left out.
  void Append(std::span<const float> samples, double time_s);

 private:
  double window_s_;
  double time_step_s_;
  bool subtract_mean_;
  std::vector<float> window_;
  float window_sum_;
  std::vector<double> level_dbfs_;
};

}  // namespace speechcoach::prosody
