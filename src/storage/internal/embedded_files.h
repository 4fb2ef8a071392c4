// The text files this room carries inside the program: its migrations and the practice sentences.
#pragma once

#include <span>
#include <string_view>

namespace speechcoach::storage {

struct EmbeddedFile {
  std::string_view name;  // "202611221630_users.sql"
  std::string_view content;
};

// By name.
std::span<const EmbeddedFile> EmbeddedFiles();

}  // namespace speechcoach::storage
