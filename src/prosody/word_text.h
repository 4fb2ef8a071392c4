// What a written word tells about how it is spoken in a sentence.
#pragma once

#include <string>
#include <string_view>

namespace speechcoach::prosody {

// In lower case, without the punctuation round it: "Today?" -> "today".
std::string PlainWord(std::string_view word);

// The sentence has a joint after it: it ends with , . ; : ! ? or a dash (quotation marks and brackets may follow).
bool EndsWithPunctuation(std::string_view word);

// Articles, pronouns, prepositions, auxiliaries, conjunctions: English seldom stresses them. All others are content words.
bool IsFunctionWord(std::string_view word);

}  // namespace speechcoach::prosody
