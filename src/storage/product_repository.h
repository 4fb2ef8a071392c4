// What learners think of the feedback, and how the product does. Every call blocks and is thread-safe. Errors everywhere:
// kStorageUnavailable.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "model/product_figures.h"

namespace speechcoach::storage {

class ProductRepository {
 public:
  virtual ~ProductRepository() = default;

  // In place of earlier ones. `stars`: 1..5. kConflict: no such session.
  virtual base::Status Rate(std::string_view session_id, int stars, std::int64_t now_ms) = 0;
  virtual base::Result<std::optional<int>> StarsOf(std::string_view session_id) = 0;

  // Days are learners' own; the last one is that of `now_ms` in UTC.
  virtual base::Result<model::ProductFigures> Figures(std::int64_t now_ms) = 0;
};

}  // namespace speechcoach::storage
