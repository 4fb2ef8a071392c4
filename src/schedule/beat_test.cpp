#include "schedule/beat.h"

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::schedule {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::int64_t kNoonMs = 1'795'435'200'000;
constexpr std::int64_t kMinuteMs = 60'000;

// Leads, or does not, as the test says.
class ToldLeadership final : public Leadership {
 public:
  base::Result<std::optional<std::int64_t>> Hold() override {
    if (is_away) return base::Error{base::ErrorCode::kStorageUnavailable, "no Redis"};
    return token;
  }
  void GiveUp() override { token.reset(); }

  std::optional<std::int64_t> token = 1;
  bool is_away = false;
};

class BeatTest : public ::testing::Test {
 protected:
  static std::vector<Job> Jobs() {
    const auto nothing = [](const std::stop_token&) { return base::Status(); };
    return {{"often", *base::Recurrence::Parse("every 1m"), minutes(2), nothing},
            {"daily", *base::Recurrence::Parse("daily 12:00"), minutes(10), nothing},
            {"never", base::Recurrence(), minutes(1), nothing}};
  }
  // The names asked for in one look.
  std::vector<std::string> Look() {
    asked_.clear();
    const base::Status looked = beat_.Look();
    EXPECT_TRUE(looked.ok());
    std::vector<std::string> names;
    for (const Call& call : asked_) names.push_back(call.job);
    return names;
  }
  // Runs what was asked for last.
  void RunAll() {
    for (const Call& call : asked_) EXPECT_TRUE(runner_.Run(call, {}).value());
  }

  using Names = std::vector<std::string>;

  storage::TemporaryDatabase db_;
  base::ManualClock clock_{kNoonMs + 5'000};
  ToldLeadership leadership_;
  const JobRunner runner_{Jobs(), db_->schedule(), clock_};
  std::vector<Call> asked_;
  Beat beat_{runner_.jobs(), leadership_, db_->schedule(), clock_, [this](const Call& call) {
               asked_.push_back(call);
               return base::Status();
             }};
};

TEST_F(BeatTest, WhatIsDueIsAskedForOnce) {
  EXPECT_EQ(Look(), (Names{"often", "daily"}));
  EXPECT_EQ(asked_[0].due_at_ms, kNoonMs);
  EXPECT_EQ(asked_[0].fence, 1);
  RunAll();
  EXPECT_EQ(Look(), Names{});
  clock_.Advance(milliseconds(kMinuteMs));
  EXPECT_EQ(Look(), Names{"often"});
}

TEST_F(BeatTest, ManyMissedTimesAreCaughtUpOnce) {
  Look();
  RunAll();
  clock_.Advance(milliseconds(7 * 24 * 60 * kMinuteMs));
  EXPECT_EQ(Look(), (Names{"often", "daily"}));
  EXPECT_EQ(asked_[0].due_at_ms, kNoonMs + 7 * 24 * 60 * kMinuteMs);
  RunAll();
  EXPECT_EQ(Look(), Names{});
}

TEST_F(BeatTest, WhoDoesNotLeadAsksForNothing) {
  leadership_.token.reset();
  EXPECT_EQ(Look(), Names{});
  EXPECT_FALSE(beat_.is_leader());
  leadership_.token = 2;
  EXPECT_EQ(Look(), (Names{"often", "daily"}));
  EXPECT_TRUE(beat_.is_leader());
  leadership_.is_away = true;
  EXPECT_FALSE(beat_.Look().ok());
  EXPECT_FALSE(beat_.is_leader());
}

TEST_F(BeatTest, ANewLeaderAsksForWhatHasNotBegunAndForNothingElse) {
  Look();
  ASSERT_TRUE(runner_.Run(asked_[0], {}).value());
  ToldLeadership other;
  other.token = 2;
  std::vector<std::string> asked;
  Beat next(runner_.jobs(), other, db_->schedule(), clock_, [&](const Call& call) {
    asked.push_back(call.job);
    return base::Status();
  });
  ASSERT_TRUE(next.Look().ok());
  EXPECT_EQ(asked, Names{"daily"});
}

TEST_F(BeatTest, WhatWasLostOnTheWayIsAskedForAgain) {
  Look();
  EXPECT_EQ(Look(), Names{});
  clock_.Advance(kAskAgain);
  EXPECT_EQ(Look(), (Names{"often", "daily"}));
}

TEST_F(BeatTest, WhatAClockThatWasAheadHadRunDoesNotCount) {
  constexpr std::int64_t kYearMs = 365 * 24 * 60 * kMinuteMs;
  base::ManualClock ahead(kNoonMs + kYearMs);
  const JobRunner early(Jobs(), db_->schedule(), ahead);
  ASSERT_TRUE(early.Run({"often", kNoonMs + kYearMs, 1}, {}).value());
  EXPECT_EQ(Look(), (Names{"often", "daily"}));
  RunAll();
  EXPECT_EQ(Look(), Names{});
  clock_.Advance(milliseconds(kMinuteMs));
  EXPECT_EQ(Look(), Names{"often"});
}

TEST_F(BeatTest, WhatCannotBeSentIsTriedAgain) {
  int tries = 0;
  Beat failing(runner_.jobs(), leadership_, db_->schedule(), clock_, [&](const Call&) {
    ++tries;
    return base::Status(base::ErrorCode::kStorageUnavailable, "no Redis");
  });
  EXPECT_FALSE(failing.Look().ok());
  EXPECT_FALSE(failing.Look().ok());
  EXPECT_EQ(tries, 2);
}

}  // namespace
}  // namespace speechcoach::schedule
