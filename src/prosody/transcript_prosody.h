// The words laid over the melody: what only both together can tell.
#pragma once

#include <vector>

#include "model/prosody_report.h"
#include "model/transcript.h"

namespace speechcoach::prosody {

// Sets each pause's place. A joint of the sentence is after a punctuation mark, or where a function word follows a content
// word (M. Liberman & K. Church 1992: Text analysis and word pronunciation in text-to-speech synthesis, in S. Furui & M. M.
// Sondhi, Advances in Speech Signal Processing, 791-831).
void PlacePauses(model::ProsodyReport& report, const std::vector<model::Word>& words);

// Fillers among the words are filled pauses; one found by its sound in which other words were heard is none.
void JoinFilledPauses(model::ProsodyReport& report, const std::vector<model::Word>& words);

// Ended by a pause between two words or a punctuation mark.
std::vector<model::Phrase> PhrasesOfWords(const model::ProsodyReport& report, const std::vector<model::Word>& words);

// Of each word: its highest F0 over the line of declination, its highest level, and its time per syllable, each in
// standard deviations from the mean of all words, averaged. From 0.5 on it is prominent. With fewer than three words, or a
// melody that was not measured, nothing stands out.
std::vector<model::WordProsody> MeasureWords(const model::ProsodyReport& report, const std::vector<model::Word>& words);

}  // namespace speechcoach::prosody
