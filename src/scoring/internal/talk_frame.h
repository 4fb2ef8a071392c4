// What stands around the points of a talk, whoever words them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "scoring/internal/findings.h"

namespace speechcoach::scoring {

// Decides which of equally true wordings is taken: the same for the same recording.
std::uint64_t SeedOf(const Evidence& evidence, const model::Scores& scores);

Topic OpeningFor(double overall);

// Where something weighty is left to mend, it is mended first, however high the score.
Topic ClosingFor(const Evidence& evidence, const model::Scores& scores, const SpeechMeasures& speech, const Findings& findings);

// How many points of advice a talk has: what could not be measured takes the place of one.
std::size_t RoomForAdvice(const Findings& findings);

}  // namespace speechcoach::scoring
