#include "api/http/date_time.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace speechcoach::api {
namespace {

TEST(DateTimeTest, ReadsMomentsOfAnyZone) {
  EXPECT_EQ(ParseRfc3339("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(ParseRfc3339("2026-11-22T16:30:00Z"), 1'795'365'000'000);
  EXPECT_EQ(ParseRfc3339("2026-11-22T23:30:00.125+07:00"), 1'795'365'000'125);
  EXPECT_EQ(ParseRfc3339("2026-11-22T12:00:00.5-04:30"), 1'795'365'000'500);
  EXPECT_EQ(ParseRfc3339(base::FormatRfc3339(1'795'365'000'125)), 1'795'365'000'125);
}

TEST(DateTimeTest, RefusesWhatIsNone) {
  for (const char* text : {"", "2026-11-22", "2026-11-22T16:30:00", "2026-11-22 16:30:00Z", "2026-02-30T00:00:00Z",
                           "2026-11-22T24:00:00Z", "2026-11-22T16:60:00Z", "2026-11-22T16:30:00.Z", "2026-11-22T16:30:00+7",
                           "2026-11-22T16:30:00Zx", "1969-12-31T23:59:59Z", "20261122T163000Z", "2026-11-22T16:30:0aZ"}) {
    EXPECT_FALSE(ParseRfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace speechcoach::api
