// What the voice sounds like, with the evidence for it. Prosody shows how excited a voice is far better than how pleased (K.
// Scherer 2003: Vocal communication of emotion, Speech Communication 40, 227-256), and never what somebody feels: everything here
// is indicative.
#pragma once

#include "model/prosody_report.h"
#include "model/scores.h"

namespace speechcoach::scoring {

// Arousal is 0.4 spread + 0.2 dynamic range + 0.25 rate + 0.15 level, valence 0.5 spread + 0.3 ease (no hesitation) + 0.2 rate,
// each of them -1 at its low end, 1 at its high end and straight between: spread of F0 0.3-3.5 semitones, dynamic range 0.1-0.5,
// 2-5 syllables a second of speech, level 0.3-0.8, hesitation 1-0. The label, first that fits:
//   hesitant      hesitation >= 0.6, or more than one filled pause for ten syllables
//   nervous       hesitation >= 0.35 and an unsteady pitch (stability < 0.6) or hurried speech (> 5.5 syllables a second)
//   flat          spread < 1.3 semitones
//   enthusiastic  arousal >= 0.35 and valence >= 0.2
//   neutral_polite  hesitation < 0.25 and arousal >= -0.35
//   neutral       otherwise, and whatever it is where less than half a second is voiced or the report is minimal
// Certainty is how far the evidence is beyond the label's threshold.
model::Emotion ReadEmotion(const model::ProsodyReport& report);

// [0, 10]: 6 of it by arousal, 4 by valence, each from -1 to 1; rises with both. At most 5 where no melody was measured; 0
// without speech.
double EmotionScore(const model::Emotion& emotion, const model::ProsodyReport& report);

}  // namespace speechcoach::scoring
