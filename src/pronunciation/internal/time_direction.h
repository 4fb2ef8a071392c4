// Whether sound runs the way speech does.
#pragma once

#include "model/audio_clip.h"

namespace speechcoach::pronunciation {

// Skewness of the steps that the level takes in 20 ms. Speech sets in at once and dies away: 1.7 on average, with a deviation of 0.8. What is
// played backwards has the same with the other sign. 0 where the level does not move. Pure.
double OnsetSkewness(const model::AudioClip& clip);

}  // namespace speechcoach::pronunciation
