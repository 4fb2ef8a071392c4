// What the melody does over phrases, from the report's own contour.
//
// Final movement: the slope of a least-squares line through F0, in semitones, over the last 0.4 s of voice of a phrase, times
// the time it spans; 1.5 semitones or more make a rise or a fall (about the smallest movement that is heard as one at that
// length: J. 't Hart, R. Collier & A. Cohen 1990, A perceptual study of intonation, ch. 2). Frames more than 7 semitones from the
// median are octave errors and left out. Declination: the slope of such a line through a whole phrase of 1 s or more.
// Monotony: exp(-ln 2 * spread / 2): 1 for one tone, 0.5 for a spread of 2 semitones.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/prosody_report.h"

namespace speechcoach::prosody {

inline constexpr double kMovementHeard_st = 1.5;

// Phrases without words: the stretches between the pauses.
std::vector<model::Phrase> PhrasesBetweenPauses(const model::ProsodyReport& report);

// Fills report.melody from the contour: the spread, and for `phrases` (times and words given) their movement.
void MeasureMelody(model::ProsodyReport& report, std::vector<model::Phrase> phrases);

}  // namespace speechcoach::prosody
