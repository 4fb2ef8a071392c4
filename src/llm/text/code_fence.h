// Models that are not held to a form like to put it into a code block.
#pragma once

#include <string_view>

namespace speechcoach::llm {

// From the first brace to the last where a fence of backquotes stands before them; else `text` as it is. A view into `text`.
inline std::string_view WithoutFence(std::string_view text) {
  const std::size_t begin = text.find('{');
  const std::size_t end = text.rfind('}');
  const bool is_fenced = text.substr(0, begin).find("```") != std::string_view::npos;
  return is_fenced && end != std::string_view::npos && begin < end ? text.substr(begin, end - begin + 1) : text;
}

}  // namespace speechcoach::llm
