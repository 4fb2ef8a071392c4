// Measurements and ratings -> a verdict on every word and sound.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/pronunciation_report.h"
#include "pronunciation/features.h"
#include "pronunciation/internal/sound_times.h"
#include "pronunciation/parameters.h"

namespace speechcoach::pronunciation {

// From this log ratio on, the sound itself shows another or no phone so plainly that no rating outweighs it.
inline constexpr double kCertainLogRatio = 6.0;

// Words with phones, scores, stress and added sounds; the miscues are marked by MarkMiscues.
std::vector<model::WordResult> JudgeWords(const Measurement& measurement, const Parameters& parameters, const Parameters::Ratings& ratings);

// By pitch, loudness and length of the vowels; none for words of one syllable. `times` are FindSoundTimes's.
std::optional<model::WordStress> JudgeStress(const Measurement& measurement, std::span<const SoundTime> times, std::size_t word);

}  // namespace speechcoach::pronunciation
