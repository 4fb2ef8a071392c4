// The keys that sign tokens.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/config.h"
#include "base/result.h"

namespace speechcoach::api {

// The secrets kept in `file`, one a line, at least one; made there first (32 random bytes as hexadecimal, mode 0600) where the
// file is missing. Two processes that start at once agree on one. kBadConfig: a secret is too short, others may read the file, or
// it cannot be made.
base::Result<std::vector<std::string>> LoadOrCreateSecrets(const std::filesystem::path& file);

// Those of auth.jwt_secret, or else of the file jwt_secret in data_dir.
base::Result<std::vector<std::string>> TokenSecrets(const base::Config& config);

}  // namespace speechcoach::api
