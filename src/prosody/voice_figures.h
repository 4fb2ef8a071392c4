// Every figure that Praat would give of a recording, with the settings of the caller: the set that a phonetician compares.
#pragma once

#include <span>
#include <vector>

#include "prosody/jitter.h"
#include "prosody/pitch_track.h"
#include "prosody/point_process.h"
#include "prosody/shimmer.h"
#include "prosody/sound_to_harmonicity.h"
#include "prosody/sound_to_intensity.h"
#include "prosody/sound_to_pitch.h"

namespace speechcoach::prosody {

struct VoiceSettings {
  PitchParameters pitch;
  IntensityParameters intensity;
  HarmonicityParameters harmonicity;
  PeriodLimits periods;
};

struct VoiceFigures {
  PitchTrack pitch;
  Intensity intensity;
  Harmonicity harmonicity;
  std::vector<double> pulses_s;
  Jitter jitter;
  Shimmer shimmer;
};

// `samples` at model::kSampleRateHz, finite, at most 4 in magnitude. Pure.
VoiceFigures MeasureVoice(std::span<const float> samples, const VoiceSettings& settings);

}  // namespace speechcoach::prosody
