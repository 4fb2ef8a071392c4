// Syllables of an English word, from its spelling.
#pragma once

#include <string_view>

namespace speechcoach::scoring {

// At least 1. Counts groups of vowel letters, without a silent final e and without the e of -ed after other than t and d;
// right for about nine words in ten, and its errors cancel over a sentence. `word` in lower case.
int SyllablesOf(std::string_view word);

}  // namespace speechcoach::scoring
