// Pronunciations of words that no dictionary lists, by flite's letter-to-sound rules (Black, Lenzo and Pagel, "Issues in Building
// General Letter to Sound Rules", 1998), trained on the CMU dictionary.
#pragma once

#include <string_view>

#include "pronunciation/phone_set.h"

namespace speechcoach::pronunciation {

// `word` in lower case; anything but the letters a-z is left out. Empty where no letter is left. Thread-safe.
Pronunciation GuessPronunciation(std::string_view word);

}  // namespace speechcoach::pronunciation
