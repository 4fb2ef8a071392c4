// data/prompts/* inside the program; cmake/EmbedFiles.cmake writes the definition.
#pragma once

#include <span>
#include <string_view>

namespace speechcoach::advice {

struct EmbeddedFile {
  std::string_view name;
  std::string_view content;
};

std::span<const EmbeddedFile> EmbeddedPrompts();

}  // namespace speechcoach::advice
