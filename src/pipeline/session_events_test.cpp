#include "pipeline/session_events.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace speechcoach::pipeline {
namespace {

class SessionEventsTest : public ::testing::Test {
 protected:
  SessionEvents::Handler Collect() {
    return [this](const SessionEvent& event) { numbers_.push_back(event.number); };
  }

  base::ManualClock clock_{5000};
  std::unique_ptr<SessionEvents> events_ = MakeInProcessEvents(clock_, 3);
  std::vector<std::int64_t> numbers_;
};

TEST_F(SessionEventsTest, NumbersEventsAndReplaysThoseAfterTheLastSeen) {
  events_->Publish("a", ProgressEvent{10});
  events_->Publish("a", ProgressEvent{20});
  const auto watching = events_->Subscribe("a", 1, Collect());
  events_->Publish("a", ProgressEvent{30});
  events_->Publish("b", ProgressEvent{99});
  EXPECT_EQ(numbers_, (std::vector<std::int64_t>{2, 3}));
}

TEST_F(SessionEventsTest, AnEndedSubscriptionHearsNoMore) {
  auto watching = events_->Subscribe("a", 0, Collect());
  events_->Publish("a", ProgressEvent{10});
  watching.reset();
  events_->Publish("a", ProgressEvent{20});
  EXPECT_EQ(numbers_, (std::vector<std::int64_t>{1}));
}

TEST_F(SessionEventsTest, ForgetsTheOldestSessions) {
  for (const char* id : {"a", "b", "c", "d"}) events_->Publish(id, ProgressEvent{10});
  const auto forgotten = events_->Subscribe("a", 0, Collect());
  EXPECT_TRUE(numbers_.empty());
  const auto kept = events_->Subscribe("d", 0, Collect());
  EXPECT_EQ(numbers_.size(), 1u);
}

TEST_F(SessionEventsTest, DoesNotForgetWhoIsWatched) {
  const auto watching = events_->Subscribe("a", 0, Collect());
  for (const char* id : {"b", "c", "d", "e"}) events_->Publish(id, ProgressEvent{10});
  events_->Publish("a", ProgressEvent{10});
  EXPECT_EQ(numbers_.size(), 1u);
}

TEST_F(SessionEventsTest, KeepsTheOrderFromManyThreads) {
  const auto watching = events_->Subscribe("a", 0, Collect());
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 250; ++i) events_->Publish("a", ProgressEvent{1});
    });
  }
  threads.clear();
  ASSERT_EQ(numbers_.size(), 1000u);
  for (std::size_t i = 0; i < numbers_.size(); ++i) EXPECT_EQ(numbers_[i], static_cast<std::int64_t>(i) + 1);
}

}  // namespace
}  // namespace speechcoach::pipeline
