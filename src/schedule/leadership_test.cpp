#include "schedule/leadership.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace speechcoach::schedule {
namespace {

using std::chrono::milliseconds;

class LeadershipTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(client_.Run(redis::Command{"FLUSHALL"}).ok()); }
  // The lock runs out, without waiting for it.
  void RunOut() { ASSERT_TRUE(client_.Run(redis::Command{"DEL", "speechcoach.beat.leader"}).ok()); }

  redis::Client client_{redis::ParseUrl(std::getenv("SPEECHCOACH_TEST_REDIS")).value()};
  std::unique_ptr<Leadership> first_ = MakeRedisLeadership(client_, milliseconds(60'000));
  std::unique_ptr<Leadership> second_ = MakeRedisLeadership(client_, milliseconds(60'000));
};

TEST_F(LeadershipTest, OneLeads) {
  const auto token = first_->Hold().value();
  ASSERT_TRUE(token);
  EXPECT_FALSE(second_->Hold().value());
  EXPECT_EQ(first_->Hold().value(), token) << "the lead is kept under the same token";
}

TEST_F(LeadershipTest, TheNextLeadersTokenIsGreater) {
  const auto token = first_->Hold().value();
  RunOut();
  const auto next = second_->Hold().value();
  ASSERT_TRUE(next);
  EXPECT_GT(*next, *token);
  EXPECT_FALSE(first_->Hold().value());
}

TEST_F(LeadershipTest, TheTokenGrowsAlsoWhereRedisForgotTheLast) {
  const auto token = first_->Hold().value();
  ASSERT_TRUE(client_.Run(redis::Command{"FLUSHALL"}).ok());
  // The server's clock may not have moved on yet.
  const auto next = second_->Hold().value();
  EXPECT_GE(*next, *token);
}

TEST_F(LeadershipTest, TheLeadIsKeptWhereTheTokenAloneWasLost) {
  const auto token = first_->Hold().value();
  ASSERT_TRUE(client_.Run(redis::Command{"DEL", "speechcoach.beat.fence"}).ok());
  const auto again = first_->Hold().value();
  ASSERT_TRUE(again);
  EXPECT_GE(*again, *token);
  EXPECT_EQ(first_->Hold().value(), again);
  EXPECT_FALSE(second_->Hold().value());
}

TEST_F(LeadershipTest, WhoGivesUpIsFollowedAtOnce) {
  ASSERT_TRUE(first_->Hold().value());
  second_->GiveUp();
  EXPECT_FALSE(second_->Hold().value()) << "only the leader can give up the lead";
  first_->GiveUp();
  EXPECT_TRUE(second_->Hold().value());
}

TEST_F(LeadershipTest, TheLockRunsOutByItself) {
  const auto hasty = MakeRedisLeadership(client_, milliseconds(50));
  ASSERT_TRUE(hasty->Hold().value());
  const auto remaining = client_.Run(redis::Command{"PTTL", "speechcoach.beat.leader"});
  ASSERT_TRUE(remaining.ok());
  // -1: it never runs out; -2: it already has.
  EXPECT_NE(remaining->integer, -1);
  EXPECT_LE(remaining->integer, 50);
}

}  // namespace
}  // namespace speechcoach::schedule
