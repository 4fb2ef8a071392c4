// The sounds that did not come out right, as the feedback writers take them.
#pragma once

#include <vector>

#include "model/pronunciation_report.h"
#include "scoring/scoring.h"

namespace speechcoach::pipeline {

// In reading order, each with the tip for what was heard. Words that were left out or replaced have none: there the word is the news. None at
// all where the recording is not of the text.
std::vector<scoring::SoundFinding> SoundFindings(const model::PronunciationReport& report);

}  // namespace speechcoach::pipeline
