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
inline constexpr double kCertainLogRatio = 5.0;
// For the hiss at a word's end less is enough: nothing else sounds like it, and a grammatical ending hangs on it.
inline constexpr double kCertainHissLogRatio = 2.5;
// From this one on a sound was added.
inline constexpr double kAddedLogRatio = 6.0;

// Words with phones, scores, stress and added sounds; the miscues are marked by MarkMiscues.
std::vector<model::WordResult> JudgeWords(const Measurement& measurement, const Parameters& parameters,
                                          const Parameters::Ratings& ratings);

// By pitch, loudness and length of the vowels; none for words of one syllable. `times` are FindSoundTimes's.
std::optional<model::WordStress> JudgeStress(const Measurement& measurement, std::span<const SoundTime> times, std::size_t word);

}  // namespace speechcoach::pronunciation
