#include "llm/wire/reset_time.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <string>

#include <curl/curl.h>

namespace speechcoach::llm {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr double kLongestMs = 366.0 * kDayMs;

// A number at the beginning of `text`, which is shortened by it.
std::optional<double> TakeNumber(std::string_view& text) {
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (fault != std::errc{} || !(value >= 0)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::optional<double> TakeUnitMs(std::string_view& text) {
  struct Unit {
    std::string_view name;
    double ms;
  };
  constexpr Unit kUnits[] = {{"ms", 1}, {"us", 1e-3}, {"ns", 1e-6}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}, {"d", 8.64e7}};
  for (const Unit& unit : kUnits) {
    if (text.starts_with(unit.name)) {
      text.remove_prefix(unit.name.size());
      return unit.ms;
    }
  }
  return std::nullopt;
}

std::chrono::sys_days NthSunday(std::chrono::year year, std::chrono::month month, unsigned n) {
  return std::chrono::sys_days(year / month / std::chrono::Sunday[n]);
}

std::int64_t PacificOffsetMs(std::int64_t utc_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(utc_ms)};
  const auto year = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year();
  // Both changes are at 2:00 local time: 10:00 UTC in spring, 9:00 UTC in autumn.
  const auto begin = NthSunday(year, std::chrono::March, 2) + std::chrono::hours(10);
  const auto end = NthSunday(year, std::chrono::November, 1) + std::chrono::hours(9);
  return (time >= begin && time < end ? -7 : -8) * kHourMs;
}

}  // namespace

std::optional<std::int64_t> ParseDuration(std::string_view text) {
  double total_ms = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const auto number = TakeNumber(text);
    const auto unit = TakeUnitMs(text);
    if (!number || !unit) return std::nullopt;
    total_ms += *number * *unit;
  }
  if (!(total_ms <= kLongestMs)) return std::nullopt;
  return static_cast<std::int64_t>(std::ceil(total_ms));
}

std::optional<std::int64_t> ParseRetryAfter(std::string_view text, std::int64_t now_ms) {
  std::string_view rest = text;
  if (const auto seconds = TakeNumber(rest)) {
    if (!rest.empty() || *seconds * 1000 > kLongestMs) return std::nullopt;
    return now_ms + static_cast<std::int64_t>(std::ceil(*seconds * 1000));
  }
  const std::time_t date = curl_getdate(std::string(text).c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return static_cast<std::int64_t>(date) * 1000;
}

std::int64_t NextPacificMidnight(std::int64_t now_ms) {
  const std::int64_t local_ms = now_ms + PacificOffsetMs(now_ms);
  const std::int64_t midnight_local_ms = (local_ms / kDayMs + 1) * kDayMs;
  // The offset may change before then; no change is at midnight.
  return midnight_local_ms - PacificOffsetMs(midnight_local_ms - PacificOffsetMs(now_ms));
}

}  // namespace speechcoach::llm
