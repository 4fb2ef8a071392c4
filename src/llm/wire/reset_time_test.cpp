#include "llm/wire/reset_time.h"

#include <gtest/gtest.h>

namespace speechcoach::llm {
namespace {

TEST(ResetTime, ReadsDurationsAndRefusesTheRest) {
  EXPECT_EQ(ParseDuration("1s"), 1000);
  EXPECT_EQ(ParseDuration("6m0s"), 360'000);
  EXPECT_EQ(ParseDuration("120ms"), 120);
  EXPECT_EQ(ParseDuration("1h2m3.5s"), 3'723'500);
  EXPECT_EQ(ParseDuration("45.837906927s"), 45'838);  // never before the limit is over
  EXPECT_EQ(ParseDuration("0s"), 0);
  for (const char* text : {"", "1", "s", "-1s", "1x", "1s ", "nan", "99999999h", "inf s", "1s2"})
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
}

TEST(ResetTime, ReadsRetryAfter) {
  constexpr std::int64_t kNow = 1'795'365'000'000;  // 2026-11-22T16:30:00Z
  EXPECT_EQ(ParseRetryAfter("2", kNow), kNow + 2000);
  EXPECT_EQ(ParseRetryAfter("0.5", kNow), kNow + 500);
  EXPECT_EQ(ParseRetryAfter("Sun, 22 Nov 2026 16:31:00 GMT", kNow), kNow + 60'000);
  for (const char* text : {"", "soon", "-1", "1e99"}) EXPECT_EQ(ParseRetryAfter(text, kNow), std::nullopt) << text;
}

TEST(ResetTime, CaliforniasMidnightKnowsSummerTime) {
  // 2026-11-22T16:30Z is 8:30 PST; midnight is 8:00Z.
  EXPECT_EQ(NextPacificMidnight(1'795'365'000'000), 1'795'420'800'000);
  // 2026-07-01T06:59Z is 23:59 PDT on 30 June.
  EXPECT_EQ(NextPacificMidnight(1'782'889'140'000), 1'782'889'200'000);
  // 2026-10-31T12:00Z is PDT: the next midnight, 1 November 7:00Z, still is.
  EXPECT_EQ(NextPacificMidnight(1'793'448'000'000), 1'793'516'400'000);
  // 2026-11-01T08:00Z is 1:00 PDT; clocks go back at 2:00, midnight is 8:00Z of 2 November.
  EXPECT_EQ(NextPacificMidnight(1'793'520'000'000), 1'793'606'400'000);
}

}  // namespace
}  // namespace speechcoach::llm
