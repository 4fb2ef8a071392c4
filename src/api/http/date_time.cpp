#include "api/http/date_time.h"

#include <algorithm>

#include "analytics/time_zone.h"
#include "api/http/text.h"

namespace speechcoach::api {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::size_t kSecondsEnd = 19;  // of "2026-11-22T16:30:00"

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Two digits at `place`, up to `most`.
std::optional<std::int64_t> TwoDigits(std::string_view text, std::size_t place, std::int64_t most) {
  if (place + 2 > text.size() || !IsDigit(text[place]) || !IsDigit(text[place + 1])) return std::nullopt;
  const std::int64_t number = (text[place] - '0') * 10 + (text[place + 1] - '0');
  return number <= most ? std::optional(number) : std::nullopt;
}

// "Z", "+07:00" -> what is taken off to be at UTC.
std::optional<std::int64_t> OffsetMs(std::string_view zone) {
  if (zone == "Z" || zone == "z") return 0;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  const auto hours = TwoDigits(zone, 1, 23);
  const auto minutes = TwoDigits(zone, 4, 59);
  if (!hours || !minutes) return std::nullopt;
  const std::int64_t offset = *hours * kHourMs + *minutes * kMinuteMs;
  return zone[0] == '+' ? offset : -offset;
}

// ".125..." -> 125, and how long it is. Nothing where there is no digit behind the point.
struct Fraction {
  std::int64_t ms = 0;
  std::size_t length = 0;
};
std::optional<Fraction> FractionOf(std::string_view rest) {
  Fraction fraction;
  if (rest.empty() || rest[0] != '.') return fraction;
  std::int64_t unit = 100;
  for (fraction.length = 1; fraction.length < rest.size() && IsDigit(rest[fraction.length]); ++fraction.length) {
    fraction.ms += unit * (rest[fraction.length] - '0');
    unit /= 10;
  }
  return fraction.length > 1 ? std::optional(fraction) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> ParseRfc3339(std::string_view text) {
  if (text.size() <= kSecondsEnd || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const auto day = analytics::ParseDay(text.substr(0, 10));
  const auto hour = TwoDigits(text, 11, 23);
  const auto minute = TwoDigits(text, 14, 59);
  const auto second = TwoDigits(text, 17, 60);
  const auto fraction = FractionOf(text.substr(kSecondsEnd));
  if (!day || !hour || !minute || !second || !fraction) return std::nullopt;
  const auto offset = OffsetMs(text.substr(kSecondsEnd + fraction->length));
  if (!offset) return std::nullopt;
  const std::int64_t ms = *day * kDayMs + *hour * kHourMs + *minute * kMinuteMs + *second * 1000 + fraction->ms - *offset;
  return ms >= 0 ? std::optional(ms) : std::nullopt;
}

}  // namespace speechcoach::api
