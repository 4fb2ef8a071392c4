#include "queue/celery/iso_time.h"

#include <chrono>
#include <cstdlib>

#include <fmt/format.h>

namespace speechcoach::queue::celery {
namespace {

// Reads digits from the front of a text.
class Digits {
 public:
  explicit Digits(std::string_view text) : rest_(text) {}

  std::optional<int> Take(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool Skip(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  char front() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<std::int64_t> ParseIsoTime(std::string_view text) {
  Digits digits(text);
  const auto year = digits.Take(4);
  if (!year || !digits.Skip("-")) return std::nullopt;
  const auto month = digits.Take(2);
  if (!month || !digits.Skip("-")) return std::nullopt;
  const auto day = digits.Take(2);
  if (!day || !digits.Skip("T ")) return std::nullopt;
  const auto hour = digits.Take(2);
  if (!hour || !digits.Skip(":")) return std::nullopt;
  const auto minute = digits.Take(2);
  if (!minute || !digits.Skip(":")) return std::nullopt;
  const auto second = digits.Take(2);
  if (!second) return std::nullopt;
  std::int64_t ms = 0;
  if (digits.Skip(".,")) {
    for (int weight = 100; digits.front() >= '0' && digits.front() <= '9'; weight /= 10) ms += *digits.Take(1) * weight;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;

  int zone_minutes = 0;
  const char sign = digits.front();
  if (digits.Skip("+-")) {
    const auto zone_hour = digits.Take(2);
    digits.Skip(":");
    const auto zone_minute = digits.empty() ? std::optional(0) : digits.Take(2);
    if (!zone_hour || !zone_minute) return std::nullopt;
    zone_minutes = (*zone_hour * 60 + *zone_minute) * (sign == '-' ? -1 : 1);
  } else {
    digits.Skip("Zz");
  }
  if (!digits.empty()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (((days * 24 + *hour) * 60 + *minute - zone_minutes) * 60 + *second) * 1000 + ms;
}

std::string FormatIsoTime(std::int64_t epoch_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(epoch_ms)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}+00:00", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count() * 1000);
}

}  // namespace speechcoach::queue::celery
