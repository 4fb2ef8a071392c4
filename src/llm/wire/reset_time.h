// When a limit is over, as providers write it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace speechcoach::llm {

// "1s", "6m0s", "120ms", "1h2m3.5s", "45.837906927s" -> milliseconds, rounded up. nullopt for anything else.
std::optional<std::int64_t> ParseDuration(std::string_view text);

// Retry-After (RFC 9110, 10.2.3), seconds or a date -> the time, UTC milliseconds, rounded up. Fractions are taken too.
std::optional<std::int64_t> ParseRetryAfter(std::string_view text, std::int64_t now_ms);

// The next midnight in Los Angeles, where Google's daily quotas begin: UTC milliseconds. Daylight saving time from the
// second Sunday of March to the first of November.
std::int64_t NextPacificMidnight(std::int64_t now_ms);

}  // namespace speechcoach::llm
