// Recordings, by key.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace speechcoach::storage {

// Thread-safe; blocks. Keys are made by the caller from [a-z0-9-_./] without "..".
class BlobStore {
 public:
  virtual ~BlobStore() = default;

  // All or nothing, and on stable storage when it returns. Replaces what was there. kStorageUnavailable.
  virtual base::Status Put(std::string_view key, std::span<const std::uint8_t> bytes) = 0;
  virtual base::Result<std::vector<std::uint8_t>> Get(std::string_view key) = 0;  // kNotFound, kStorageUnavailable
  virtual base::Status Delete(std::string_view key) = 0;                          // nothing there is no error
};

}  // namespace speechcoach::storage
