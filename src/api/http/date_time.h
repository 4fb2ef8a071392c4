// Moments as clients write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace speechcoach::api {

// "2026-11-22T16:30:00Z", "2026-11-22T23:30:00.5+07:00" (RFC 3339) -> milliseconds since the epoch, for the years 1970 to 9999.
std::optional<std::int64_t> ParseRfc3339(std::string_view text);

}  // namespace speechcoach::api
