// How sure of itself the speech sounds, in three indicators. Each is 0-1; none is a claim about the speaker.
#pragma once

#include <vector>

#include "model/prosody_report.h"
#include "prosody/pitch_track.h"

namespace speechcoach::prosody {

// How smoothly the melody moves: exp(-d / 0.6), d in semitones being the mean distance of a voiced frame from the middle of its
// two voiced neighbours (10 ms away each). A glide has d = 0 however steep it is; a trembling or breaking voice has
// a large one. 1 for a steady tone, about 0.8 for calm speech; 0 where no three neighbouring frames are voiced.
double PitchStability(const PitchTrack& pitch);

// How even the syllables' loudness is: exp(-s / 10), s in dB being the standard deviation of the levels at the syllable
// nuclei. Falls where words are swallowed or a sentence dies away. 1 for one syllable, 0 for none.
double EnergyConsistency(const std::vector<double>& nucleus_levels_dbfs);

// How much the speech halts: 1 - (1 - p) exp(-n / 2), p being the silent part of the time from the first speech to the last
// and n the number of pauses for every ten syllables. 0 without pauses, lower is better; 0 where nothing is said.
double HesitationScore(const model::Pauses& pauses, double speaking_time_s, std::size_t syllables);

}  // namespace speechcoach::prosody
