#include "pipeline/session_events.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::pipeline {
namespace {

class SessionEventsTest : public ::testing::Test {
 protected:
  SessionEvents::Handler Collect() {
    return [this](const SessionEvent& event) { numbers_.push_back(event.number); };
  }
  static EventPayload Heard() { return TranscriptionEvent{}; }

  base::ManualClock clock_{5000};
  std::unique_ptr<SessionEvents> events_ = MakeSessionEvents(clock_, nullptr, 3);
  std::vector<std::int64_t> numbers_;
};

TEST_F(SessionEventsTest, NumbersKeptEventsAndReplaysThoseAfterTheLastSeen) {
  events_->Publish("a", Heard());
  events_->Publish("a", ProsodyEvent{});
  const auto watching = events_->Subscribe("a", 1, Collect());
  events_->Publish("a", PronunciationEvent{});
  events_->Publish("b", Heard());
  EXPECT_EQ(numbers_, (std::vector<std::int64_t>{2, 3}));
}

TEST_F(SessionEventsTest, WhoComesLaterHearsTheNewestProgress) {
  events_->Publish("a", ProgressEvent{10});
  events_->Publish("a", ProgressEvent{20});
  std::vector<int> percents;
  const auto watching = events_->Subscribe(
      "a", 0, [&](const SessionEvent& event) { percents.push_back(std::get<ProgressEvent>(event.payload).percent); });
  EXPECT_EQ(percents, (std::vector<int>{20}));
}

TEST_F(SessionEventsTest, ProgressDoesNotGoBackUntilAnAnalysisHasEnded) {
  std::vector<int> percents;
  const auto watching = events_->Subscribe("a", 0, [&](const SessionEvent& event) {
    if (const auto* progress = std::get_if<ProgressEvent>(&event.payload)) percents.push_back(progress->percent);
  });
  for (const int percent : {5, 60, 5, 60, 80}) events_->Publish("a", ProgressEvent{percent});
  events_->Publish("a", ErrorEvent{{}, model::Stage::kTranscribing});
  events_->Publish("a", ProgressEvent{70});
  events_->Publish("a", CompleteEvent{});
  events_->Publish("a", ProgressEvent{5});
  EXPECT_EQ(percents, (std::vector<int>{5, 60, 80, 5}));
}

TEST_F(SessionEventsTest, AnEndIsToldOnceForEachAnalysisAndTurn) {
  storage::TemporaryDatabase db;
  const std::string id = db.AddSession();
  const auto in_database = MakeSessionEvents(clock_, &db->events());
  for (SessionEvents* events : {events_.get(), in_database.get()}) {
    std::vector<int> turns;
    std::vector<int> percents;
    const auto watching = events->Subscribe(id, 0, [&](const SessionEvent& event) {
      if (const auto* progress = std::get_if<ProgressEvent>(&event.payload)) percents.push_back(progress->percent);
      if (IsEnd(event.payload)) turns.push_back(EndedTurn(event.payload));
    });
    for (const int turn : {0, 0, 1}) EXPECT_TRUE(events->PublishEnd(id, CompleteEvent{{}, turn}, clock_.NowMs()).ok());
    clock_.Advance(std::chrono::milliseconds(1));
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(events->PublishEnd(id, ErrorEvent{}, clock_.NowMs()).ok());
    EXPECT_EQ(turns, (std::vector<int>{0, 1, 0}));
    EXPECT_EQ(percents, (std::vector<int>{100, 100}));
  }
}

TEST_F(SessionEventsTest, APlaceInTheQueueIsToldUntilTheAnalysisBegins) {
  std::vector<std::optional<int>> places;
  const auto watching = events_->Subscribe(
      "a", 0, [&](const SessionEvent& event) { places.push_back(std::get<ProgressEvent>(event.payload).ahead); });
  for (const int ahead : {2, 1}) events_->Publish("a", ProgressEvent{0, model::Stage::kListening, ahead});
  events_->Publish("a", ProgressEvent{5});
  events_->Publish("a", ProgressEvent{0, model::Stage::kListening, 0});
  EXPECT_EQ(places, (std::vector<std::optional<int>>{2, 1, std::nullopt}));
}

TEST_F(SessionEventsTest, FeedbackUnderWayIsNotReplayed) {
  const auto watching = events_->Subscribe("a", 0, Collect());
  events_->Publish("a", FeedbackDeltaEvent{"Bạn đọc tốt.", false});
  EXPECT_EQ(numbers_, (std::vector<std::int64_t>{0}));
  const auto later = events_->Subscribe("a", 0, Collect());
  EXPECT_EQ(numbers_.size(), 1u);
}

TEST_F(SessionEventsTest, AnEndedSubscriptionHearsNoMore) {
  auto watching = events_->Subscribe("a", 0, Collect());
  events_->Publish("a", Heard());
  watching.reset();
  events_->Publish("a", Heard());
  EXPECT_EQ(numbers_, (std::vector<std::int64_t>{1}));
}

TEST_F(SessionEventsTest, ForgetsTheOldestSessions) {
  for (const char* id : {"a", "b", "c", "d"}) events_->Publish(id, Heard());
  const auto forgotten = events_->Subscribe("a", 0, Collect());
  EXPECT_TRUE(numbers_.empty());
  const auto kept = events_->Subscribe("d", 0, Collect());
  EXPECT_EQ(numbers_.size(), 1u);
}

TEST_F(SessionEventsTest, DoesNotForgetWhoIsWatched) {
  const auto watching = events_->Subscribe("a", 0, Collect());
  for (const char* id : {"b", "c", "d", "e"}) events_->Publish(id, Heard());
  events_->Publish("a", Heard());
  EXPECT_EQ(numbers_.size(), 1u);
}

TEST_F(SessionEventsTest, KeepsTheOrderFromManyThreads) {
  const auto watching = events_->Subscribe("a", 0, Collect());
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 250; ++i) events_->Publish("a", Heard());
    });
  }
  threads.clear();
  ASSERT_EQ(numbers_.size(), 1000u);
  for (std::size_t i = 0; i < numbers_.size(); ++i) EXPECT_EQ(numbers_[i], static_cast<std::int64_t>(i) + 1);
}

// Two processes on one database.
class LoggedEventsTest : public ::testing::Test {
 protected:
  storage::TemporaryDatabase database_;
  std::string id_ = database_.AddSession();
  base::ManualClock clock_{5000};
  std::unique_ptr<SessionEvents> first_ = MakeSessionEvents(clock_, &database_->events());
  std::unique_ptr<SessionEvents> second_ = MakeSessionEvents(clock_, &database_->events());
};

TEST_F(LoggedEventsTest, AnotherProcessReplays) {
  first_->Publish(id_, TranscriptionEvent{{"Hello.", {}, 0.5, "base", false}, true});
  first_->Publish(id_, TranscriptionEvent{{"not kept", {}, 0.5, "base", false}, false, 0});
  first_->Publish(id_, CompleteEvent{});
  std::vector<SessionEvent> heard;
  const auto watching = second_->Subscribe(id_, 0, [&](const SessionEvent& event) { heard.push_back(event); });
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0].number, 1);
  EXPECT_EQ(std::get<TranscriptionEvent>(heard[0].payload).transcript.text, "Hello.");
  EXPECT_TRUE(IsEnd(heard[1].payload));
  second_->Publish(id_, ProsodyEvent{});
  EXPECT_EQ(heard.back().number, 3);
}

TEST_F(LoggedEventsTest, AnotherProcessesEventsAreFollowedUntilTheEnd) {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::int64_t> heard;
  const auto watching = second_->Subscribe(id_, 0, [&](const SessionEvent& event) {
    const std::lock_guard lock(mutex);
    heard.push_back(event.number);
    changed.notify_all();
  });
  second_->FollowLog(id_);
  const auto wait_for = [&](std::size_t count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(30), [&] { return heard.size() >= count; });
  };
  first_->Publish(id_, ProsodyEvent{});
  ASSERT_TRUE(wait_for(1));
  first_->Publish(id_, CompleteEvent{});
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(heard, (std::vector<std::int64_t>{1, 2}));
}

}  // namespace
}  // namespace speechcoach::pipeline
