// Words of which one sound was plainly another one, or not there.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pronunciation/live_hints.h"
#include "pronunciation/phone_head.h"

namespace speechcoach::pronunciation {

// On the words [heard.judged_words, end) of those heard. `posteriors` are the phone head's of heard.features; the words at its end that are not to
// be judged yet help to place the others. Pure.
std::vector<LiveHint> FindPlainErrors(const Posteriors& posteriors, const HeardSoFar& heard, std::size_t end,
                                      const std::string& reference_text, const HintThresholds& thresholds = {});

}  // namespace speechcoach::pronunciation
