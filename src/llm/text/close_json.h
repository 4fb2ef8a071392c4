// A JSON document that was cut off -> the largest whole one in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace speechcoach::llm {

// Drops the value that is not finished and closes what is open; what was no JSON before the cut stays so. nullopt where
// nothing whole is left, or the document is no object.
std::optional<std::string> CloseJson(std::string_view cut);

}  // namespace speechcoach::llm
