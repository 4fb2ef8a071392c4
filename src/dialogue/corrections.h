// What Vietnamese learners often say otherwise, found by patterns: data/dialogue/corrections.json.
#pragma once

#include <string_view>
#include <vector>

#include "dialogue/dialogue_partner.h"

namespace speechcoach::dialogue {

// The first two, grammar before vocabulary. A recogniser mends some mistakes by itself: what is not found here may still have
// been said.
std::vector<Correction> FindCorrections(std::string_view heard);

}  // namespace speechcoach::dialogue
