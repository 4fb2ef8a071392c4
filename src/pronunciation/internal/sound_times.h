// When each sound of the text was said, as a listener would mark it.
#pragma once

#include <vector>

#include "pronunciation/features.h"

namespace speechcoach::pronunciation {

struct SoundTime {
  double start_s = 0.0;  // from the start of the recording
  double end_s = 0.0;    // > start_s
};

// One for each phone of the alignment, in order, none overlapping. The head's outputs are spikes: those of consonants lie near the vowel
// beside them, those of vowels near their beginning. Where one sound ends and the next begins is a line in the distance of the two spikes, by
// kinds of sounds, fitted to synthetic speech whose times are known; silences are where the prosody report has them. Pure.
std::vector<SoundTime> FindSoundTimes(const Measurement& measurement);

}  // namespace speechcoach::pronunciation
