// SQLite, in WAL mode.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "storage/internal/dialect.h"

namespace speechcoach::storage {

// Makes the file (mode 0600) and its folders (0700) where missing. Errors: kBadConfig (a path SQLite cannot be given),
// kStorageUnavailable.
base::Result<std::unique_ptr<Dialect>> MakeSqliteDialect(const std::string& path);

}  // namespace speechcoach::storage
