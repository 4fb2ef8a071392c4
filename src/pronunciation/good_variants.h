// What good speakers of English say either way: nothing to correct.
#pragma once

#include <cstddef>

#include "model/pronunciation_report.h"

namespace speechcoach::pronunciation {

// True where the sound was said as many native speakers say it, though the dictionary has another one: "here" with a long or a short vowel, "for"
// and "teacher" without their r, "tree" with a ch before its r, "caught" like "cot". `phone` is an index into word.phones.
bool IsGoodVariant(const model::WordResult& word, std::size_t phone);

}  // namespace speechcoach::pronunciation
