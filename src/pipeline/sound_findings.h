// The sounds that did not come out right, as the feedback writers take them.
#pragma once

#include <vector>

#include "model/pronunciation_report.h"
#include "scoring/scoring.h"

namespace speechcoach::pipeline {

// In reading order, with the tips of the Vietnamese profile. Words that were left out or replaced have none: there the word is the news.
std::vector<scoring::SoundFinding> SoundFindings(const model::PronunciationReport& report);

}  // namespace speechcoach::pipeline
