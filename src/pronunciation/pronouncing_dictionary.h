// The CMU pronouncing dictionary, inside the program.
#pragma once

#include <string_view>
#include <vector>

#include "pronunciation/phone_set.h"

namespace speechcoach::pronunciation {

// All listed pronunciations of `word` (lower case, apostrophes as "'"), the usual one first; none where it is not listed.
// Pure, thread-safe.
std::vector<Pronunciation> LookUp(std::string_view word);

}  // namespace speechcoach::pronunciation
