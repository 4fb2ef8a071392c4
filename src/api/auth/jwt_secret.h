// The key that signs tokens.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace speechcoach::api {

// The secret kept in `file`; made there first (32 random bytes as hexadecimal, mode 0600) where the file is missing. Two
// processes that start at once agree on one. kBadConfig: the file is too short, readable by others, or cannot be made.
base::Result<std::string> LoadOrCreateSecret(const std::filesystem::path& file);

}  // namespace speechcoach::api
