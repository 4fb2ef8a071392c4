// The vocalic part of each syllable.
//
// P. Mertens (2004): The Prosogram: semi-automatic transcription of prosody based on a tonal perception model. Speech Prosody
// 2004. Round a syllable's maximum of the level, the part that is voiced and not more than 3 dB below it on the left, 9 dB
// on the right; two neighbours meet at the lowest level between them.
#pragma once

#include <vector>

#include "model/prosody_report.h"
#include "prosody/pitch_track.h"
#include "prosody/sound_to_intensity.h"

namespace speechcoach::prosody {

// `nuclei_s` rising, as FindSyllableNuclei() gives them. One syllable each, without formants; the parts do not overlap and
// each holds its nucleus.
std::vector<model::Syllable> FindVocalicParts(const std::vector<double>& nuclei_s, const PitchTrack& pitch,
                                              const Intensity& level);

}  // namespace speechcoach::prosody
