// data/dialogue/*.json inside the program; cmake/EmbedFiles.cmake writes EmbeddedDialogues().
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

namespace speechcoach::dialogue {

struct EmbeddedFile {
  std::string_view name;
  std::string_view content;
};

std::span<const EmbeddedFile> EmbeddedDialogues();

// Empty where there is no such file.
inline std::string_view EmbeddedDialogue(std::string_view name) {
  const auto file = std::ranges::find(EmbeddedDialogues(), name, &EmbeddedFile::name);
  return file == EmbeddedDialogues().end() ? std::string_view() : file->content;
}

}  // namespace speechcoach::dialogue
