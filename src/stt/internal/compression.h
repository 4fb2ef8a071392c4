// How repetitive a text is, as OpenAI's transcribe.py judges it: its length over what is left of it when compressed (zlib).
#pragma once

#include <string_view>

namespace speechcoach::stt {

// About 1 for ordinary short sentences, above 2.4 for loops. 0 for no text.
double CompressionRatio(std::string_view text);

}  // namespace speechcoach::stt
