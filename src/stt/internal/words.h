// From the decoder's tokens to the words a learner sees.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/transcript.h"
#include "stt/internal/decoded_window.h"

namespace speechcoach::stt {

// A word begins at a token that begins with a space; punctuation stays with the word before it and counts neither for its end
// nor for its confidence, the geometric mean of the probabilities of its tokens. Words without a letter are dropped.
// `loudness_db`, of the same window (see loudness.h), draws start and end in to the loudest stretch of the word's time, and no word lies before the
// first sound or after the last. Times are the window's plus `offset_s`; words last 20 ms at least and do not overlap.
std::vector<model::Word> MakeWords(std::span<const DecodedToken> tokens, std::span<const float> loudness_db, double offset_s);

// Leaves out the words of which more were never said than were said and written so: those with a probability below 0.16, of whose kind one in
// six is right (docs/stt.md). Where all are such words, they stay.
void DropImprobable(std::vector<model::Word>& words);

// With a space between them.
std::string JoinedText(std::span<const model::Word> words);

}  // namespace speechcoach::stt
