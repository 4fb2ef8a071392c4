#include "api/auth/rate_limiter.h"

#include <gtest/gtest.h>

namespace speechcoach::api {
namespace {

using namespace std::chrono_literals;

TEST(RateLimiterTest, ABurstThenOneEverySoOften) {
  base::ManualClock clock(1'000'000);
  RateLimiter limiter(clock, {"tries", 0.5, 3});
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
  RateLimiter limiter(clock, {"tries", 1, 1}, nullptr, 2);
  EXPECT_EQ(limiter.Take("a"), 0);
  EXPECT_EQ(limiter.Take("b"), 0);
  EXPECT_GT(limiter.Take("c"), 0) << "no place for another key";
  clock.Advance(1s);
  EXPECT_EQ(limiter.Take("c"), 0) << "full buckets were forgotten";
}

TEST(RateLimiterTest, AClockSetBackTakesNothingAway) {
  base::ManualClock clock(1'000'000);
  RateLimiter limiter(clock, {"tries", 1, 2});
  EXPECT_EQ(limiter.Take("a"), 0);
  clock.Advance(-1h);
  EXPECT_EQ(limiter.Take("a"), 0);
  EXPECT_GT(limiter.Take("a"), 0);
  clock.Advance(1s);
  EXPECT_EQ(limiter.Take("a"), 0);
}

TEST(RateLimiterTest, WhereProcessesCannotCountTogetherEachCountsAlone) {
  base::ManualClock clock(1'000'000);
  redis::Options nowhere;
  nowhere.socket_path = "/nonexistent/redis.sock";
  redis::TokenBuckets away(nowhere);
  RateLimiter limiter(clock, {"tries", 1, 2}, &away);
  EXPECT_EQ(limiter.Take("a"), 0);
  EXPECT_EQ(limiter.Take("a"), 0);
  EXPECT_EQ(limiter.Take("a"), 1000);
}

}  // namespace
}  // namespace speechcoach::api
