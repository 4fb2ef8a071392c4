#include "alerts/alert_book.h"

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::alerts {
namespace {

using std::chrono::seconds;
using Told = std::vector<std::string>;

constexpr std::int64_t kNoonMs = 1'795'435'200'000;

// Remembers what it was told; refuses where the test says so.
class Listener final : public Notifier {
 public:
  base::Status Tell(std::span<const AlertState> alerts, const std::stop_token&) override {
    if (is_deaf) return {base::ErrorCode::kStorageUnavailable, "deaf"};
    ++messages;
    for (const AlertState& alert : alerts) told.push_back((alert.is_firing ? "+" : "-") + alert.name + alert.subject);
    return {};
  }
  bool is_deaf = false;
  int messages = 0;
  Told told;
};

class AlertBookTest : public ::testing::Test {
 protected:
  // What both were told by this update; "mail: " goes before what differs.
  Told Update(const std::vector<std::string>& firing, seconds later = seconds(60)) {
    clock_.Advance(later);
    std::vector<Alert> alerts;
    for (const std::string& name : firing) alerts.push_back({name, "", Severity::kHigh, name + " it is"});
    webhook_.told.clear();
    mail_.told.clear();
    last_ = Book().Update(alerts, {});
    return webhook_.told;
  }
  // A new one each time: nothing is remembered but in the database.
  AlertBook Book() { return {{}, db_->alerts(), &webhook_, &mail_, clock_}; }

  storage::TemporaryDatabase db_;
  base::ManualClock clock_{kNoonMs};
  Listener webhook_;
  Listener mail_;
  base::Status last_;
};

TEST_F(AlertBookTest, EachIsToldOnceWhenItBeginsAndOnceWhenItIsOver) {
  EXPECT_EQ(Update({"A", "B"}), (Told{"+A", "+B"}));
  EXPECT_EQ(mail_.told, (Told{"+A", "+B"}));
  EXPECT_EQ(webhook_.messages, 1) << "together";
  EXPECT_EQ(Update({"A", "B"}), Told{});
  EXPECT_EQ(Update({"A"}), Told{}) << "B may come back";
  EXPECT_EQ(Update({"A"}, seconds(300)), Told{"-B"});
  EXPECT_EQ(Update({"A"}, seconds(3'000)), Told{});
  EXPECT_EQ(Update({}, seconds(299)), Told{});
  EXPECT_EQ(Update({}, seconds(1)), Told{"-A"});
  EXPECT_EQ(Update({}, seconds(3'000)), Told{});
  EXPECT_EQ(Update({"A"}), Told{"+A"}) << "it begins anew";
}

TEST_F(AlertBookTest, WhatComesAndGoesIsToldOnce) {
  EXPECT_EQ(Update({"A"}), Told{"+A"});
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Update({}, seconds(120)), Told{});
    EXPECT_EQ(Update({"A"}, seconds(120)), Told{});
  }
}

TEST_F(AlertBookTest, WhoWasNotReachedIsToldTheNextTime) {
  webhook_.is_deaf = true;
  EXPECT_EQ(Update({"A"}), Told{});
  EXPECT_FALSE(last_.ok());
  EXPECT_EQ(mail_.told, Told{"+A"}) << "the other is told all the same";
  webhook_.is_deaf = false;
  EXPECT_EQ(Update({"A"}), Told{"+A"});
  EXPECT_EQ(mail_.told, Told{});
  EXPECT_TRUE(last_.ok());
}

TEST_F(AlertBookTest, TheEndOfWhatNobodyHeardOfIsNoNews) {
  webhook_.is_deaf = true;
  Update({"A"});
  webhook_.is_deaf = false;
  EXPECT_EQ(Update({}, seconds(600)), Told{});
  EXPECT_EQ(mail_.told, Told{"-A"});
}

TEST_F(AlertBookTest, OneThatLastsIsToldAgainADayLater) {
  EXPECT_EQ(Update({"A"}), Told{"+A"});
  EXPECT_EQ(Update({"A"}, std::chrono::hours(23)), Told{});
  EXPECT_EQ(Update({"A"}, std::chrono::hours(1)), Told{"+A"});
  EXPECT_EQ(mail_.told, Told{"+A"});
  EXPECT_EQ(Update({"A"}), Told{});
}

TEST_F(AlertBookTest, TheStateIsKept) {
  Update({"A"});
  const AlertState kept = db_->alerts().States()->at(0);
  EXPECT_EQ(kept.name, "A");
  EXPECT_EQ(kept.severity, "high");
  EXPECT_EQ(kept.summary, "A it is");
  EXPECT_EQ(kept.began_at_ms, kNoonMs + 60'000);
  EXPECT_TRUE(kept.is_firing);
  EXPECT_FALSE(kept.ended_at_ms);
}

TEST_F(AlertBookTest, WhatHasNotLastedIsNotTold) {
  ASSERT_EQ(HoldOf("AllProvidersDown"), seconds(120));
  EXPECT_EQ(Update({"AllProvidersDown"}), Told{});
  EXPECT_EQ(Update({"AllProvidersDown"}, seconds(119)), Told{});
  EXPECT_EQ(Update({}, seconds(1)), Told{}) << "a break: it begins anew";
  EXPECT_EQ(Update({"AllProvidersDown"}, seconds(1)), Told{});
  EXPECT_EQ(Update({"AllProvidersDown"}, seconds(119)), Told{});
  EXPECT_EQ(Update({"AllProvidersDown"}, seconds(1)), Told{"+AllProvidersDown"});
  EXPECT_EQ(mail_.told, Told{"+AllProvidersDown"});
  EXPECT_EQ(Update({}, seconds(1)), Told{}) << "it may come back";
  EXPECT_EQ(Update({"AllProvidersDown"}, seconds(1)), Told{});
  EXPECT_EQ(Update({}, seconds(300)), Told{"-AllProvidersDown"});
  EXPECT_EQ(Update({"AllProvidersDown"}), Told{});
  EXPECT_EQ(Update({}, seconds(600)), Told{}) << "nobody heard of it this time";
}

TEST_F(AlertBookTest, HowLongIsScaled) {
  AlertBook hasty({.hold_percent = 0}, db_->alerts(), &webhook_, nullptr, clock_);
  EXPECT_TRUE(hasty.Update({{"AllProvidersDown", "", Severity::kHigh, "..."}}, {}).ok());
  EXPECT_EQ(webhook_.told, Told{"+AllProvidersDown"});
}

TEST_F(AlertBookTest, WithoutAnybodyToTellItIsTakenDown) {
  AlertBook alone({}, db_->alerts(), nullptr, nullptr, clock_);
  EXPECT_TRUE(alone.Update({{"A", "x", Severity::kLow, "..."}}, {}).ok());
  EXPECT_EQ(db_->alerts().States()->at(0).subject, "x");
}

}  // namespace
}  // namespace speechcoach::alerts
