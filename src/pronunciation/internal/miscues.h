// Words left out, added, replaced or said twice: where the transcript says so and the sound does not speak against it, or the sound alone says so
// plainly.
#pragma once

#include <vector>

#include "model/pronunciation_report.h"
#include "pronunciation/features.h"

namespace speechcoach::pronunciation {

// In reading order. Marks omitted and replaced words in `words`, which are the measurement's: an omitted word scores 0.
std::vector<model::Miscue> MarkMiscues(const Measurement& measurement, std::vector<model::WordResult>& words);

}  // namespace speechcoach::pronunciation
