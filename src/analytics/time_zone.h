// Days where a learner lives. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace speechcoach::analytics {

bool IsTimeZone(std::string_view name);  // a name of the IANA database: "Asia/Ho_Chi_Minh"

// Days since 1970-01-01 of the calendar date there at that moment. An unknown zone counts as UTC.
std::int64_t LocalDay(std::int64_t epoch_ms, const std::string& time_zone);

// "2026-11-22" <-> days since 1970-01-01.
std::string FormatDay(std::int64_t day);
std::optional<std::int64_t> ParseDay(std::string_view text);  // years 1970..9999

std::int64_t MondayOf(std::int64_t day);  // of its week
std::int64_t FirstOfMonth(std::int64_t day);

}  // namespace speechcoach::analytics
