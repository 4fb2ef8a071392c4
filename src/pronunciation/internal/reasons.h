// The measured facts behind the scores.
#pragma once

#include <vector>

#include "model/pronunciation_report.h"
#include "pronunciation/features.h"

namespace speechcoach::pronunciation {

// How well the sound fits the text at all, [0, 1]: near 1 for the text read, however accented; near 0 for other speech, noise or music. 0 where the
// transcript is of another language and nothing contradicts that: in conversation (`is_reading` false), and where the text read fits in part alone; and
// in conversation where the speech model doubts that it hears English, and neither it nor the sound is sure of the words; or where the transcript is
// unsure and the sound runs backwards.
double TextMatch(const Measurement& measurement, bool is_reading);

// Why a recording is cut: it is of another text, with the share of the text's words that were heard (`heard`: one for each of them), or no English.
model::ScoreReason WhyCut(const std::vector<HeardWord>& heard, const model::Transcript& transcript, bool is_reading);

// The weightiest first; `report` has its words, miscues and text_match.
std::vector<model::ScoreReason> FindReasons(const Measurement& measurement, const model::PronunciationReport& report,
                                            bool is_reading);

}  // namespace speechcoach::pronunciation
