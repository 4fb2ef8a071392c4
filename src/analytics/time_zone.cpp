#include "analytics/time_zone.h"

#include <charconv>
#include <chrono>

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>
#include <fmt/format.h>

namespace speechcoach::analytics {
namespace {

const cctz::civil_day kEpoch(1970, 1, 1);

}  // namespace

bool IsTimeZone(std::string_view name) {
  // The library takes files' names and "Fixed/..." besides.
  const bool is_plain = !name.empty() && name.front() != '/' && name.find("..") == std::string_view::npos &&
                        name.find(':') == std::string_view::npos;
  cctz::time_zone zone;
  return is_plain && cctz::load_time_zone(std::string(name), &zone);
}

std::int64_t LocalDay(std::int64_t epoch_ms, const std::string& time_zone) {
  cctz::time_zone zone;
  if (!cctz::load_time_zone(time_zone, &zone)) zone = cctz::utc_time_zone();
  const std::chrono::system_clock::time_point at{std::chrono::milliseconds(epoch_ms)};
  return cctz::civil_day(cctz::convert(at, zone)) - kEpoch;
}

std::string FormatDay(std::int64_t day) {
  const cctz::civil_day date = kEpoch + day;
  return fmt::format("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
}

std::optional<std::int64_t> ParseDay(std::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  const auto number = [&](std::size_t at, std::size_t length, int& value) {
    const char* end = text.data() + at + length;
    const auto [stop, fault] = std::from_chars(text.data() + at, end, value);
    return fault == std::errc{} && stop == end && value >= 0;
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!number(0, 4, year) || !number(5, 2, month) || !number(8, 2, day)) return std::nullopt;
  const cctz::civil_day date(year, month, day);
  // A day there is not, 31 April, would become another.
  if (year < 1970 || date.month() != month || date.day() != day) return std::nullopt;
  return date - kEpoch;
}

std::int64_t MondayOf(std::int64_t day) {
  constexpr std::int64_t kFirstMonday = 4;  // 1970-01-05
  return day - ((day - kFirstMonday) % 7 + 7) % 7;
}

std::int64_t FirstOfMonth(std::int64_t day) { return cctz::civil_day(cctz::civil_month(kEpoch + day)) - kEpoch; }

}  // namespace speechcoach::analytics
