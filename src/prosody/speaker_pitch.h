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

// The parameters of the first pass.
PitchParameters RangeSearchParameters();

// The speaker's range from the first pass, of which only what is voiced within `sounding` counts: the hum of the mains in a
// pause is nobody's voice. Praat's defaults where too little is voiced to tell. The floor is lowered to the next step of a
// quarter octave (50, 59.5, 70.7, 84.1, 100, ... Hz), so that it does not change with every word of a recording that goes on.
// 50 <= floor < ceiling <= kHighestCeilingHz.
PitchRange RangeOf(PitchTrack first_pass, const std::vector<SoundingInterval>& sounding);

inline constexpr double kHighestCeilingHz = 800.0;

// Both passes' first half in one call.
PitchRange FindPitchRange(std::span<const float> samples, const std::vector<SoundingInterval>& sounding);

// The parameters of the second pass: Praat's, between that floor and ceiling.
PitchParameters ParametersFor(const PitchRange& range);

// The track with every frame outside `sounding` unvoiced.
PitchTrack WithinSounding(PitchTrack track, const std::vector<SoundingInterval>& sounding);

}  // namespace speechcoach::prosody
