#include "storage/schedule_repository.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

constexpr std::int64_t kNoonMs = 1'795'435'200'000;
constexpr std::int64_t kHourMs = 3'600'000;

class ScheduleRepositoryTest : public ::testing::Test {
 protected:
  static RunClaim At(std::int64_t due_ms, std::int64_t now_ms, std::int64_t fence = 1) {
    return {.job = "cleanup", .due_at_ms = due_ms, .fence = fence, .now_ms = now_ms, .longest_ms = 600'000, .max_attempts = 3};
  }
  bool Begins(const RunClaim& claim) { return runs_.Begin(claim).value(); }
  void End(const RunClaim& claim, std::int64_t after_ms, RunEnd end) {
    ASSERT_TRUE(runs_.End(claim, claim.now_ms + after_ms, end).ok());
  }
  ScheduledRun Last() { return runs_.Runs()->at(0); }

  TemporaryDatabase db_;
  ScheduleRepository& runs_ = db_->schedule();
};

TEST_F(ScheduleRepositoryTest, WhatIsDueIsBegunOnce) {
  const RunClaim claim = At(kNoonMs, kNoonMs + 250);
  ASSERT_TRUE(Begins(claim));
  EXPECT_FALSE(Begins(At(kNoonMs, kNoonMs + 300)));
  End(claim, 40, RunEnd::kSucceeded);
  EXPECT_FALSE(Begins(At(kNoonMs, kNoonMs + kHourMs - 1)));
  const ScheduledRun last = Last();
  EXPECT_EQ(last.job, "cleanup");
  EXPECT_EQ(last.due_at_ms, kNoonMs);
  EXPECT_EQ(last.began_at_ms, kNoonMs + 250);
  EXPECT_EQ(last.ended_at_ms, kNoonMs + 290);
  EXPECT_EQ(last.last_success_at_ms, kNoonMs + 290);
  EXPECT_EQ(last.last_duration_ms, 40);
  EXPECT_EQ(last.runs, 1);
  EXPECT_EQ(last.failures, 0);
  EXPECT_TRUE(last.succeeded);
  EXPECT_TRUE(Begins(At(kNoonMs + kHourMs, kNoonMs + kHourMs)));
  EXPECT_FALSE(Begins(At(kNoonMs, kNoonMs + kHourMs))) << "what is over is not begun any more";
}

TEST_F(ScheduleRepositoryTest, ARunFromTheFutureBindsNobody) {
  const RunClaim future = At(kNoonMs + 24 * kHourMs, kNoonMs + 24 * kHourMs);
  ASSERT_TRUE(Begins(future));
  EXPECT_TRUE(Begins(At(kNoonMs, kNoonMs)));
  End(future, 40, RunEnd::kSucceeded);
  EXPECT_EQ(Last().due_at_ms, kNoonMs) << "what was replaced changes nothing";
  EXPECT_FALSE(Begins(At(kNoonMs, kNoonMs + 1)));
}

TEST_F(ScheduleRepositoryTest, ClocksAgreeButForAMoment) {
  const RunClaim claim = At(kNoonMs, kNoonMs);
  ASSERT_TRUE(Begins(claim));
  End(claim, 1, RunEnd::kSucceeded);
  EXPECT_FALSE(Begins(At(kNoonMs, kNoonMs - 500))) << "asked of one whose clock is behind";
  EXPECT_FALSE(Begins(At(kNoonMs - kHourMs, kNoonMs - 500)));
}

TEST_F(ScheduleRepositoryTest, OfManyWhoAskOneBegins) {
  for (int period = 0; period < 5; ++period) {
    const RunClaim claim = At(kNoonMs + period * kHourMs, kNoonMs + period * kHourMs);
    std::atomic<int> begun = 0;
    {
      std::vector<std::jthread> askers;
      for (int i = 0; i < 4; ++i) {
        askers.emplace_back([&] {
          if (Begins(claim)) ++begun;
        });
      }
    }
    EXPECT_EQ(begun, 1);
    End(claim, 1, RunEnd::kSucceeded);
  }
}

TEST_F(ScheduleRepositoryTest, ARunUnderWayIsAlone) {
  const RunClaim noon = At(kNoonMs, kNoonMs);
  ASSERT_TRUE(Begins(noon));
  EXPECT_FALSE(Begins(At(kNoonMs + 60'000, kNoonMs + 60'000))) << "the one of noon runs";
  End(noon, 90'000, RunEnd::kSucceeded);
  EXPECT_TRUE(Begins(At(kNoonMs + 60'000, kNoonMs + 90'000)));
}

TEST_F(ScheduleRepositoryTest, ARunWhoseProcessDiedIsBegunAgain) {
  const RunClaim dead = At(kNoonMs, kNoonMs);
  ASSERT_TRUE(Begins(dead));
  EXPECT_FALSE(Begins(At(kNoonMs, kNoonMs + 599'999)));
  const RunClaim second = At(kNoonMs, kNoonMs + 600'000);
  ASSERT_TRUE(Begins(second));
  EXPECT_EQ(Last().attempts, 2);
  // It was not dead after all: what it says now changes nothing.
  End(dead, 700'000, RunEnd::kFailed);
  EXPECT_FALSE(Last().ended_at_ms);
  End(second, 1'000, RunEnd::kSucceeded);
  EXPECT_EQ(Last().failures, 0);
}

TEST_F(ScheduleRepositoryTest, AFailureIsTriedAgainAFewTimes) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    const RunClaim claim = At(kNoonMs, kNoonMs + attempt * 600'000);
    ASSERT_TRUE(Begins(claim)) << attempt;
    End(claim, 5, RunEnd::kFailed);
  }
  EXPECT_FALSE(Begins(At(kNoonMs, kNoonMs + kHourMs)));
  EXPECT_EQ(Last().failures, 3);
  EXPECT_FALSE(Last().last_success_at_ms);
  EXPECT_TRUE(Begins(At(kNoonMs + kHourMs, kNoonMs + kHourMs)));
}

TEST_F(ScheduleRepositoryTest, WhatWasInterruptedIsBegunAgainAtOnce) {
  const RunClaim claim = At(kNoonMs, kNoonMs);
  ASSERT_TRUE(Begins(claim));
  End(claim, 100, RunEnd::kInterrupted);
  EXPECT_EQ(Last().runs, 0);
  EXPECT_TRUE(Begins(At(kNoonMs, kNoonMs + 101)));
  EXPECT_EQ(Last().attempts, 1);
}

TEST_F(ScheduleRepositoryTest, AnEarlierLeadersWordCountsNoMore) {
  const RunClaim claim = At(kNoonMs, kNoonMs, 7);
  ASSERT_TRUE(Begins(claim));
  End(claim, 1, RunEnd::kSucceeded);
  EXPECT_FALSE(Begins(At(kNoonMs + kHourMs, kNoonMs + kHourMs, 6)));
  EXPECT_TRUE(Begins(At(kNoonMs + kHourMs, kNoonMs + kHourMs, 8)));
}

TEST_F(ScheduleRepositoryTest, WhoHasNoLeaderIsHeard) {
  const RunClaim claim = At(kNoonMs, kNoonMs, 7);
  ASSERT_TRUE(Begins(claim));
  End(claim, 1, RunEnd::kSucceeded);
  EXPECT_TRUE(Begins(At(kNoonMs + 1'000, kNoonMs + 1'000, 0)));
  EXPECT_EQ(Last().fence, 7);
}

}  // namespace
}  // namespace speechcoach::storage
