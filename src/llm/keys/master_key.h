// The keys that protect the providers' keys.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace speechcoach::llm {

// A file of Fernet keys, one a line, the newest first, mode 0600. All calls make it with one key where it is missing; two
// processes that do so at once agree on one.
class MasterKeyFile {
 public:
  explicit MasterKeyFile(std::filesystem::path path) : path_(std::move(path)) {}

  // Comma-separated, as Fernet::FromKeys takes them. kBadConfig: unreadable, readable by others, or empty.
  base::Result<std::string> Read() const;

  // Replaces all, atomically. kBadConfig.
  base::Status Write(const std::string& comma_separated_keys) const;

 private:
  const std::filesystem::path path_;
};

}  // namespace speechcoach::llm
