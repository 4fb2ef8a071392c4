// The turns of conversations. Every call blocks and is thread-safe. Errors everywhere: kStorageUnavailable.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/conversation.h"

namespace speechcoach::storage {

class TurnRepository {
 public:
  virtual ~TurnRepository() = default;

  virtual base::Status Add(const model::Turn& turn) = 0;  // kConflict: it is there, or there is no such session
  virtual base::Result<std::vector<model::Turn>> Of(std::string_view session_id) = 0;  // in their order
  virtual base::Status Update(const model::Turn& turn) = 0;                            // kNotFound
};

}  // namespace speechcoach::storage
