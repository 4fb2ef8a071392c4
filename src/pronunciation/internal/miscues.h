// Words left out, added, replaced or said twice. The transcript proposes, the sound decides.
#pragma once

#include <vector>

#include "model/pronunciation_report.h"
#include "pronunciation/features.h"

namespace speechcoach::pronunciation {

// How much likelier the sound must get by a change of the text, in natural logarithms for each phone of the changed word. What the transcript
// claims needs little support, what it does not claim much. Chosen on spliced recordings of speakers whom the phone head had not heard
// (docs/pronunciation.md).
struct MiscueThresholds {
  double omitted_if_missing = 0.25;  // the transcript has nothing in the word's place
  double omitted_if_other = 1.5;     // it has another word there
  double omitted_if_heard = 2.5;     // it has the word
  double replaced = 1.5;
  double inserted = 0.5;
  double repeated = -2.0;  // said twice, written once: recognisers smooth that away
};

// In reading order. Marks omitted and replaced words in `words`, which are the measurement's: an omitted word scores 0.
//
// The text is changed step by step, each time by the omission, replacement or insertion that gains most beyond its threshold, and all others
// are judged anew against the changed text: beside a word that nobody said, leaving out either neighbour helps too, until it is gone. Changes
// far enough apart not to touch each other are made in one step, so that a long text takes few. Where the recording is not of the text at all
// (`is_of_text` false), only what the transcript has of it can have been said.
std::vector<model::Miscue> MarkMiscues(const Measurement& measurement, std::vector<model::WordResult>& words, bool is_of_text);

}  // namespace speechcoach::pronunciation
