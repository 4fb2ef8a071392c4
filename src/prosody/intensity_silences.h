// Where something sounds, from the level alone.
#pragma once

#include <vector>

#include "prosody/sound_to_intensity.h"

namespace speechcoach::prosody {

// Names as in Praat's "To TextGrid (silences)".
struct SilenceParameters {
  double silence_threshold_db = -25.0;       // against the loud parts: the 99th percentile of the level
  double minimum_silent_interval_s = 0.25;   // shorter gaps belong to the speech round them (Goldman-Eisler 1968)
  double minimum_sounding_interval_s = 0.1;  // shorter noises belong to the silence round them
};

struct SoundingInterval {
  double start_s = 0.0;
  double end_s = 0.0;
};

// A recording whose loud parts stay below this holds no speech. The energy figures of the report end there, too.
inline constexpr double kInaudibleDbfs = -60.0;

bool IsSounding(double time_s, const std::vector<SoundingInterval>& sounding);

// The level above which a frame sounds: silence_threshold_db under the loud parts, raised where the recording's own
// noise comes near that; +infinity where nothing is audible.
double SoundingThresholdDbfs(const Intensity& intensity, const SilenceParameters& parameters);

// In time order, apart by at least minimum_silent_interval_s, within [0, duration_s].
std::vector<SoundingInterval> FindSounding(const Intensity& intensity, double duration_s, const SilenceParameters& parameters);

}  // namespace speechcoach::prosody
