#include "base/recurrence.h"

#include <charconv>

#include <fmt/format.h>

namespace speechcoach::base {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr std::int64_t kLongestMs = 366 * kDayMs;

// Digits alone, at most so many.
std::optional<std::int64_t> Number(std::string_view digits, std::size_t most) {
  std::int64_t value = 0;
  if (digits.empty() || digits.size() > most || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::int64_t UnitMs(char unit) {
  switch (unit) {
    case 's':
      return 1'000;
    case 'm':
      return kMinuteMs;
    case 'h':
      return kHourMs;
    case 'd':
      return kDayMs;
    default:
      return 0;
  }
}

}  // namespace

Result<Recurrence> Recurrence::Parse(std::string_view text) {
  constexpr std::string_view kEvery = "every ";
  constexpr std::string_view kDaily = "daily ";
  if (text == "off") return Recurrence();
  if (text.starts_with(kEvery) && text.size() > kEvery.size() + 1) {
    const auto count = Number(text.substr(kEvery.size(), text.size() - kEvery.size() - 1), 6);
    const std::int64_t period_ms = count.value_or(0) * UnitMs(text.back());
    if (period_ms > 0 && period_ms <= kLongestMs) return Recurrence(period_ms, 0);
  }
  if (text.starts_with(kDaily) && text.size() == kDaily.size() + 5 && text[kDaily.size() + 2] == ':') {
    const auto hour = Number(text.substr(kDaily.size(), 2), 2);
    const auto minute = Number(text.substr(kDaily.size() + 3), 2);
    if (hour && minute && *hour < 24 && *minute < 60) return Recurrence(kDayMs, *hour * kHourMs + *minute * kMinuteMs);
  }
  return {ErrorCode::kBadConfig,
          fmt::format("'{}' is not of the form 'every 30s', 'every 5m', 'every 1h', 'every 7d', 'daily 03:30' or 'off'", text)};
}

std::optional<std::int64_t> Recurrence::LastDue(std::int64_t now_ms) const {
  if (period_ms_ == 0 || now_ms < offset_ms_) return std::nullopt;
  return now_ms - (now_ms - offset_ms_) % period_ms_;
}

}  // namespace speechcoach::base
