// "um" and "uh": hesitation that is voiced.
//
// By their sound they are long, level in pitch, loudness and resonances, and stand alone between pauses or run into one (E.
// Shriberg 2001: To 'errrr' is human, J. International Phonetic Association 31, 153-169; N. de Jong, J. Pacilly & W.
// Heeren 2021: PRAAT scripts to measure speed fluency and breakdown fluency in speech automatically, Assessment in Education 28).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "model/prosody_report.h"
#include "prosody/pitch_track.h"
#include "prosody/sound_to_intensity.h"

namespace speechcoach::prosody {

// By the sound alone; `syllables` and `pauses` of the same recording. In time order.
std::vector<model::FilledPause> FindFilledPauses(std::span<const float> samples, const std::vector<model::Syllable>& syllables,
                                                 const model::Pauses& pauses, const PitchTrack& pitch, const Intensity& level);

// "um", "Uh," and their like, as recognisers spell them.
bool IsFiller(std::string_view word);

}  // namespace speechcoach::prosody
