// Measurements and ratings -> a verdict on every word and sound.
#pragma once

#include "model/pronunciation_report.h"
#include "pronunciation/features.h"
#include "pronunciation/parameters.h"

namespace speechcoach::pronunciation {

// From this log ratio on, the sound itself shows another or no phone so plainly that no rating outweighs it.
inline constexpr double kCertainLogRatio = 6.0;

// Words with phones, scores, stress and added sounds; the miscues are marked by MarkMiscues.
std::vector<model::WordResult> JudgeWords(const Measurement& measurement, const Parameters& parameters, const Parameters::Ratings& ratings);

// By pitch, loudness and length of the vowels; none for words of one syllable.
std::optional<model::WordStress> JudgeStress(const Measurement& measurement, std::size_t word);

}  // namespace speechcoach::pronunciation
