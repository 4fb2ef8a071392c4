// Where the pronunciation stage has placed the vowels, as the prosody stage takes them.
#pragma once

#include <vector>

#include "model/pronunciation_report.h"
#include "prosody/rhythm.h"

namespace speechcoach::pipeline {

// In time order, none overlapping. Empty where what was said fits the text too badly for its sounds to have places.
std::vector<prosody::VowelInterval> VowelsIn(const model::PronunciationReport& report);

}  // namespace speechcoach::pipeline
