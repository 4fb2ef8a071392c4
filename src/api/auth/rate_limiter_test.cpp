#include "api/auth/rate_limiter.h"

#include <gtest/gtest.h>

namespace speechcoach::api {
namespace {

using namespace std::chrono_literals;

TEST(RateLimiterTest, ABurstThenOneEverySoOften) {
  base::ManualClock clock(1'000'000);
  RateLimiter limiter(clock, 0.5, 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.Take("a"), 0);
  EXPECT_EQ(limiter.Take("a"), 2000);
  EXPECT_EQ(limiter.Take("b"), 0) << "keys do not share";
  clock.Advance(2000ms);
  EXPECT_EQ(limiter.Take("a"), 0);
  EXPECT_GT(limiter.Take("a"), 0);
  clock.Advance(1h);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.Take("a"), 0);
  EXPECT_GT(limiter.Take("a"), 0) << "time saved up is no more than the burst";
}

TEST(RateLimiterTest, KeepsABoundedNumberOfKeys) {
  base::ManualClock clock(1'000'000);
  RateLimiter limiter(clock, 1.0, 1, 2);
  EXPECT_EQ(limiter.Take("a"), 0);
  EXPECT_EQ(limiter.Take("b"), 0);
  EXPECT_GT(limiter.Take("c"), 0) << "no place for another key";
  clock.Advance(1s);
  EXPECT_EQ(limiter.Take("c"), 0) << "full buckets were forgotten";
}

TEST(RateLimiterTest, AClockSetBackTakesNothingAway) {
  base::ManualClock clock(1'000'000);
  RateLimiter limiter(clock, 1.0, 2);
  EXPECT_EQ(limiter.Take("a"), 0);
  clock.Advance(-1h);
  EXPECT_EQ(limiter.Take("a"), 0);
  EXPECT_GT(limiter.Take("a"), 0);
  clock.Advance(1s);
  EXPECT_EQ(limiter.Take("a"), 0);
}

}  // namespace
}  // namespace speechcoach::api
