// A reference text as Whisper would have written it.
#pragma once

#include <string>
#include <vector>

namespace speechcoach::stt {

// The words of `text`, split at white space. A text all in capitals becomes a sentence: small letters, a capital at its start, "I"
// as it is. Without a mark at its end it gets a full stop.
std::vector<std::string> WrittenWords(const std::string& text);

}  // namespace speechcoach::stt
