#include "base/recurrence.h"

#include <gtest/gtest.h>

namespace speechcoach::base {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kMidnightMs = 1'795'392'000'000;  // 2026-11-23T00:00:00Z

std::optional<std::int64_t> LastDue(std::string_view text, std::int64_t now_ms) {
  return Recurrence::Parse(text)->LastDue(now_ms);
}

TEST(Recurrence, PeriodsAreCountedFromTheEpoch) {
  EXPECT_EQ(LastDue("every 1h", kMidnightMs), kMidnightMs);
  EXPECT_EQ(LastDue("every 1h", kMidnightMs + kHourMs - 1), kMidnightMs);
  EXPECT_EQ(LastDue("every 1h", kMidnightMs + kHourMs), kMidnightMs + kHourMs);
  EXPECT_EQ(LastDue("every 30s", kMidnightMs + 59'999), kMidnightMs + 30'000);
  EXPECT_EQ(LastDue("every 5m", kMidnightMs + 299'999), kMidnightMs);
  EXPECT_EQ(LastDue("every 1d", kMidnightMs + 23 * kHourMs), kMidnightMs);
}

TEST(Recurrence, DailyAtATimeOfDay) {
  EXPECT_EQ(LastDue("daily 03:30", kMidnightMs + 3 * kHourMs), kMidnightMs - 24 * kHourMs + 3 * kHourMs + kHourMs / 2);
  EXPECT_EQ(LastDue("daily 03:30", kMidnightMs + 4 * kHourMs), kMidnightMs + 3 * kHourMs + kHourMs / 2);
  EXPECT_EQ(LastDue("daily 00:00", kMidnightMs), kMidnightMs);
}

TEST(Recurrence, OffIsNeverDue) { EXPECT_EQ(LastDue("off", kMidnightMs), std::nullopt); }

TEST(Recurrence, WhatIsNoRecurrenceIsRefused) {
  for (const char* text :
       {"", "every", "every ", "every m", "every 0s", "every -1m", "every 5", "every 5x", "every 1.5h", "every 400d",
        "every 9999999s", "daily", "daily 24:00", "daily 00:60", "daily 3:30", "daily 03:3x", "hourly", "* * * * *"}) {
    const auto parsed = Recurrence::Parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kBadConfig);
  }
}

}  // namespace
}  // namespace speechcoach::base
