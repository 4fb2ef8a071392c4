// Fundamental frequency with a floor and ceiling that fit the speaker, so that deep voices and children's both work.
//
// C. De Looze & D. Hirst (2008): Detecting changes in key and range for the automatic modelling and coding of intonation.
// Speech Prosody 2008, 135-138. A first pass over the whole human range; then the floor is 0.75 q25 of what it found, and the
// ceiling lies above q75: 1.5 q75 there, 2.5 q75 in D. Hirst (2011), The analysis by synthesis of speech melody, J. Speech
// Sciences 1, 55-83. Here it is 2 q75: learners' questions rise to 1.8 q75, and nearly all that the wider range adds is
// friction taken for voice.
#pragma once

#include <span>
#include <vector>

#include "prosody/intensity_silences.h"
#include "prosody/pitch_track.h"
#include "prosody/sound_to_pitch.h"

namespace speechcoach::prosody {

struct PitchRange {
  double floor_hz = 75.0;
  double ceiling_hz = 600.0;
};

// The speaker's range, from what is voiced within `sounding`: the hum of the mains in a pause is nobody's voice. Praat's
// defaults where too little is voiced to tell. 50 <= floor < ceiling <= 800.
PitchRange FindPitchRange(std::span<const float> samples, const std::vector<SoundingInterval>& sounding);

// The parameters of the second pass: Praat's, between that floor and ceiling.
PitchParameters ParametersFor(const PitchRange& range);

// The track with every frame outside `sounding` unvoiced.
PitchTrack WithinSounding(PitchTrack track, const std::vector<SoundingInterval>& sounding);

}  // namespace speechcoach::prosody
