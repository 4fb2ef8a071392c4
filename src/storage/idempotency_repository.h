// Writes that a client may send twice, and how they were answered. Every call blocks and is thread-safe. Errors everywhere:
// kStorageUnavailable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace speechcoach::storage {

struct KeptAnswer {
  std::string request_hash;
  int status = 0;  // 0: under way
  std::string media_type = {};
  std::string location = {};
  std::string body = {};
};

class IdempotencyRepository {
 public:
  virtual ~IdempotencyRepository() = default;

  // Nothing for the first who comes with that key: they go on, and Finish or Abort. Whoever comes later gets what is kept. One that was
  // begun before `stale_ms` and is still under way is begun anew.
  virtual base::Result<std::optional<KeptAnswer>> Begin(std::int64_t user_id, std::string_view key, std::string_view hash,
                                                        std::int64_t now_ms, std::int64_t stale_ms) = 0;
  virtual base::Status Finish(std::int64_t user_id, std::string_view key, const KeptAnswer& answer) = 0;
  virtual base::Status Abort(std::int64_t user_id, std::string_view key) = 0;  // nothing there is no error
};

}  // namespace speechcoach::storage
