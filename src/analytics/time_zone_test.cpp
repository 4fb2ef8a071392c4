#include "analytics/time_zone.h"

#include <gtest/gtest.h>

namespace speechcoach::analytics {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kMidnightMs = 1'795'392'000'000;  // 2026-11-23T00:00:00Z

TEST(TimeZoneTest, ADayBeginsWhereTheLearnerLives) {
  EXPECT_EQ(FormatDay(LocalDay(kMidnightMs, "UTC")), "2026-11-23");
  EXPECT_EQ(FormatDay(LocalDay(kMidnightMs - 1, "UTC")), "2026-11-22");
  EXPECT_EQ(FormatDay(LocalDay(kMidnightMs - 7 * kHourMs, "Asia/Ho_Chi_Minh")), "2026-11-23");
  EXPECT_EQ(FormatDay(LocalDay(kMidnightMs - 7 * kHourMs - 1, "Asia/Ho_Chi_Minh")), "2026-11-22");
  EXPECT_EQ(FormatDay(LocalDay(kMidnightMs, "America/New_York")), "2026-11-22");
}

TEST(TimeZoneTest, ClocksThatAreSetForwardMakeAShorterDay) {
  // In 2027 New York's clocks go forward on 14 March at two in the morning.
  constexpr std::int64_t kNoonMs = 1'805'040'000'000;  // 2027-03-14T16:00:00Z
  EXPECT_EQ(FormatDay(LocalDay(kNoonMs - 12 * kHourMs, "America/New_York")), "2027-03-13");
  EXPECT_EQ(FormatDay(LocalDay(kNoonMs - 11 * kHourMs, "America/New_York")), "2027-03-14");
  EXPECT_EQ(FormatDay(LocalDay(kNoonMs + 12 * kHourMs - 1, "America/New_York")), "2027-03-14");
  EXPECT_EQ(FormatDay(LocalDay(kNoonMs + 12 * kHourMs, "America/New_York")), "2027-03-15");
}

TEST(TimeZoneTest, KnowsZonesByTheirNamesAlone) {
  EXPECT_TRUE(IsTimeZone("Asia/Ho_Chi_Minh"));
  EXPECT_TRUE(IsTimeZone("UTC"));
  for (const char* name : {"", "Asia/Hanoi City", "/etc/passwd", "../UTC", "Mars/Phobos", "libc:localtime", "Asia"}) {
    EXPECT_FALSE(IsTimeZone(name)) << name;
  }
}

TEST(TimeZoneTest, DaysAreReadAsTheyAreWritten) {
  for (const std::int64_t day : {0, 1, 20'000, 20'780, 200'000}) EXPECT_EQ(ParseDay(FormatDay(day)), day);
  for (const char* text : {"", "2026-11-3", "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "1969-12-31", "2026/11/23",
                           "+026-11-23", "2026-11-23 "}) {
    EXPECT_FALSE(ParseDay(text)) << text;
  }
}

TEST(TimeZoneTest, WeeksBeginOnMondayMonthsOnTheFirst) {
  const std::int64_t monday = *ParseDay("2026-11-23");
  for (int i = 0; i < 7; ++i) EXPECT_EQ(MondayOf(monday + i), monday);
  EXPECT_EQ(MondayOf(monday - 1), monday - 7);
  EXPECT_EQ(FormatDay(MondayOf(0)), "1969-12-29");
  EXPECT_EQ(FormatDay(FirstOfMonth(monday)), "2026-11-01");
}

TEST(TimeZoneTest, DaysBeforeTheEpoch) {
  EXPECT_EQ(LocalDay(-1, "UTC"), -1);
  EXPECT_EQ(FormatDay(-1), "1969-12-31");
}

}  // namespace
}  // namespace speechcoach::analytics
