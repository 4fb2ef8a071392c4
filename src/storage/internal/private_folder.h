// Folders for personal data.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace speechcoach::storage {

// Makes the folder and its parents where missing, each readable by this user alone (mode 0700); leaves those that are there
// as they are. On stable storage when it returns. kStorageUnavailable.
base::Status MakePrivateFolder(const std::filesystem::path& path);

// Brings a folder's list of entries to stable storage. kStorageUnavailable.
base::Status SyncFolder(const std::filesystem::path& path);

// kStorageUnavailable with the reason that `error_number` (an errno) stands for.
base::Error FileError(const char* action, const std::filesystem::path& path, int error_number);

}  // namespace speechcoach::storage
