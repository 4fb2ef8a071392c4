// Where a page of sessions ended, as an opaque text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace speechcoach::storage {

struct PagePosition {
  std::int64_t created_at_ms = 0;  // >= 0
  std::string id;                  // UUID
};

// 48 lower-case hexadecimal digits: 16 of the time, 32 of the id.
std::string EncodeCursor(const PagePosition& position);

// Nothing where EncodeCursor cannot have made it.
std::optional<PagePosition> DecodeCursor(std::string_view cursor);

}  // namespace speechcoach::storage
