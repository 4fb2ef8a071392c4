// How the speech flows: rates, runs, and how even the syllables are in length.
//
// Mean length of run: syllables between two pauses (P. Lennon 1990: Investigating fluency in EFL, Language Learning 40, 387-417).
// %V: vocalic share of the speech (F. Ramus, M. Nespor & J. Mehler 1999: Correlates of linguistic rhythm in the speech signal,
// Cognition 73, 265-292). nPVI: E. Grabe & E. L. Low (2002): Durational variability in speech and the rhythm class
// hypothesis, Papers in Laboratory Phonology 7, 515-546; 100 times the mean of |d(k) - d(k+1)| over their mean, d being
// the lengths of the vocalic parts of neighbouring syllables of one run.
#pragma once

#include <vector>

#include "model/prosody_report.h"

namespace speechcoach::prosody {

// Computes report.rhythm anew from its syllables, pauses, filled pauses, speech_start_s and speech_end_s; the filled pauses
// stay as they are. A filled pause is neither a syllable nor speech.
void MeasureRhythm(model::ProsodyReport& report);

struct VowelInterval {
  double start_s = 0.0;
  double end_s = 0.0;
};

// Where an alignment has placed the vowels, they take the place of the syllables found by the level: their number sets the
// speaking rate and the rhythm. `vowels` in time order, none overlapping; without any nothing changes.
void AddVowels(model::ProsodyReport& report, const std::vector<VowelInterval>& vowels);

}  // namespace speechcoach::prosody
