// Where the syllables' vowels are, without knowing the words.
//
// N. de Jong & T. Wempe (2009): Praat script to detect syllable nuclei and measure speech rate automatically. Behavior
// Research Methods 41, 385-390. A nucleus is a voiced maximum of the level, above the silence threshold, with a dip of at
// least 2 dB before the next one.
#pragma once

#include <vector>

#include "prosody/intensity_silences.h"
#include "prosody/pitch_track.h"
#include "prosody/sound_to_intensity.h"

namespace speechcoach::prosody {

struct NucleusParameters {
  double minimum_dip_db = 2.0;
  double minimum_pitch_hz = 50.0;  // of the level: smooth enough that a deep voice's pulses are no maxima
};

// The level that they are looked for in.
IntensityParameters NucleusLevelParameters(const NucleusParameters& parameters);

// Times in seconds, rising; only within `sounding`. `level` was made with NucleusLevelParameters().
std::vector<double> FindSyllableNuclei(const Intensity& level, const PitchTrack& pitch,
                                       const std::vector<SoundingInterval>& sounding, const NucleusParameters& parameters);

}  // namespace speechcoach::prosody
