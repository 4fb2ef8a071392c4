// What a word's spelling suggests to watch, for the sounds Vietnamese speakers find hard.
#pragma once

#include <optional>
#include <string_view>

#include "scoring/internal/topic.h"

namespace speechcoach::scoring {

// A suggestion, never a finding: spelling does not say what was spoken. `heard` (may be empty) is what the recogniser made of
// the word: where it lacks just the ending, the ending is what to watch; where it is another word altogether, there is no tip.
std::optional<Topic> SoundTip(std::string_view word, std::string_view heard);

}  // namespace speechcoach::scoring
