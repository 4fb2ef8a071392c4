// Fundamental frequency with a floor and ceiling that fit the speaker, so that deep voices and children's both work.
//
// C. De Looze & D. Hirst (2008): Detecting changes in key and range for the automatic modelling and coding of intonation.
// Speech Prosody 2008, 135-138. A first pass over the whole human range; then floor = 0.75 q25 and ceiling = 1.5 q75 of
// what it found. The ceiling follows D. Hirst (2011), The analysis by synthesis of speech melody, J. Speech Sciences 1,
// 55-83: 2.5 q75, wide enough for the rise of a lively question.
#pragma once

#include <span>

#include "prosody/pitch_track.h"
#include "prosody/sound_to_pitch.h"

namespace speechcoach::prosody {

struct PitchRange {
  double floor_hz = 75.0;
  double ceiling_hz = 600.0;
};

// The speaker's range; Praat's defaults where too little is voiced to tell. 50 <= floor < ceiling <= 800.
PitchRange FindPitchRange(std::span<const float> samples);

// The parameters of the second pass: Praat's, between that floor and ceiling.
PitchParameters ParametersFor(const PitchRange& range);

}  // namespace speechcoach::prosody
