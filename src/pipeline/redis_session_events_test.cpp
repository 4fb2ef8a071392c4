#include "pipeline/redis_session_events.h"

#include <atomic>
#include <barrier>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/id.h"
#include "pipeline/passing_event_json.h"
#include "redis/test_server.h"

namespace speechcoach::pipeline {
namespace {

// Numbers and kinds of what a watcher was told.
class Watch {
 public:
  SessionEvents::Handler Handler() {
    return [this](const SessionEvent& event) {
      const std::lock_guard lock(mutex_);
      numbers_.push_back(event.number);
      changed_.notify_all();
    };
  }
  std::vector<std::int64_t> WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return numbers_.size() >= count; });
    return numbers_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::int64_t> numbers_;
};

class RedisSessionEvents : public testing::Test {
 protected:
  static EventPayload Progress(int percent) { return ProgressEvent{percent, model::Stage::kProsody}; }
  static EventPayload Kept() { return ProsodyEvent{}; }
  static EventPayload Partial(bool is_final) {
    TranscriptionEvent event;
    event.transcript.text = "hello";
    event.is_final = is_final;
    return event;
  }

  const std::string session_ = base::NewUuid();
  base::SystemClock clock_;
  redis::Client client_{redis::TestServer()};
  // Two processes.
  std::unique_ptr<SessionEvents> here_ = MakeRedisEvents(client_, clock_);
  redis::Client other_client_{redis::TestServer()};
  std::unique_ptr<SessionEvents> there_ = MakeRedisEvents(other_client_, clock_);
};

TEST_F(RedisSessionEvents, ArriveInOrderInOtherProcesses) {
  Watch watch;
  const Subscription watching = there_->Subscribe(session_, 0, watch.Handler());
  for (int i = 0; i < 20; ++i) here_->Publish(session_, Kept());
  const auto numbers = watch.WaitFor(20);
  ASSERT_EQ(numbers.size(), 20U);
  for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], static_cast<std::int64_t>(i + 1));
}

TEST_F(RedisSessionEvents, WhoComesLateHearsTheRest) {
  for (int i = 0; i < 5; ++i) here_->Publish(session_, Kept());
  Watch watch;
  const Subscription watching = there_->Subscribe(session_, 3, watch.Handler());
  EXPECT_THAT(watch.WaitFor(2), testing::ElementsAre(4, 5));
  here_->Publish(session_, Kept());
  EXPECT_THAT(watch.WaitFor(3), testing::ElementsAre(4, 5, 6));
}

TEST_F(RedisSessionEvents, NoneIsLostWithTheConnection) {
  Watch watch;
  const Subscription watching = there_->Subscribe(session_, 0, watch.Handler());
  here_->Publish(session_, Kept());
  ASSERT_EQ(watch.WaitFor(1).size(), 1U);
  ASSERT_TRUE(client_.Run(redis::Command{"CLIENT", "KILL", "TYPE", "pubsub"}).ok());
  for (int i = 0; i < 5; ++i) here_->Publish(session_, Kept());
  EXPECT_THAT(watch.WaitFor(6), testing::ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(RedisSessionEvents, OfWhatIsNotKeptTheNewestProgressIsTold) {
  here_->Publish(session_, Progress(10));
  here_->Publish(session_, Partial(false));
  here_->Publish(session_, Partial(true));
  here_->Publish(session_, Progress(30));
  here_->Publish(session_, Progress(20));
  std::vector<int> percents;
  std::vector<std::int64_t> numbers;
  {
    const Subscription watching = there_->Subscribe(session_, 0, [&](const SessionEvent& event) {
      numbers.push_back(event.number);
      if (const auto* progress = std::get_if<ProgressEvent>(&event.payload)) percents.push_back(progress->percent);
    });
  }
  EXPECT_THAT(numbers, testing::ElementsAre(1, 0));
  EXPECT_THAT(percents, testing::ElementsAre(30));
}

TEST_F(RedisSessionEvents, AnEndMakesWayForTheNextAnalysis) {
  here_->Publish(session_, Progress(90));
  here_->Publish(session_, CompleteEvent{});
  here_->Publish(session_, Progress(5));
  std::vector<int> percents;
  {
    const Subscription watching = there_->Subscribe(
        session_, 1, [&](const SessionEvent& event) { percents.push_back(std::get<ProgressEvent>(event.payload).percent); });
  }
  EXPECT_THAT(percents, testing::ElementsAre(5));
}

TEST_F(RedisSessionEvents, AnEndThatManyTellInTheSameInstantIsToldOnce) {
  constexpr int kAnalyses = 20;
  std::atomic<int> failed = 0;
  for (int analysis = 0; analysis < kAnalyses; ++analysis) {
    std::barrier together(4);
    std::vector<std::jthread> tellers;
    for (SessionEvents* events : {here_.get(), there_.get(), here_.get(), there_.get()}) {
      tellers.emplace_back([&, events] {
        together.arrive_and_wait();
        if (!events->PublishEnd(session_, CompleteEvent{}, 1000 + analysis).ok()) ++failed;
      });
    }
  }
  EXPECT_EQ(failed, 0);
  std::vector<std::int64_t> numbers;
  there_->Subscribe(session_, 0, [&](const SessionEvent& event) { numbers.push_back(event.number); }).reset();
  EXPECT_EQ(numbers.size(), static_cast<std::size_t>(kAnalyses));
}

TEST_F(RedisSessionEvents, EachTurnHasItsEndAndNoProgressIsLeftOfIt) {
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(here_->PublishEnd(session_, CompleteEvent{{}, 1}, 1000).ok());
    ASSERT_TRUE(
        there_->PublishEnd(session_, ErrorEvent{{base::ErrorCode::kNoSpeech, "none"}, model::Stage::kListening, 2}, 1000).ok());
  }
  here_->Publish(session_, Progress(5));
  std::vector<int> turns;
  std::vector<int> percents;
  const auto look = [&](const SessionEvent& event) {
    if (IsEnd(event.payload)) turns.push_back(EndedTurn(event.payload));
    if (const auto* progress = std::get_if<ProgressEvent>(&event.payload)) percents.push_back(progress->percent);
  };
  there_->Subscribe(session_, 0, look).reset();
  EXPECT_THAT(turns, testing::ElementsAre(1, 2));
  EXPECT_THAT(percents, testing::ElementsAre(5));
}

TEST_F(RedisSessionEvents, AnEndedSubscriptionHearsNothing) {
  Watch ended;
  Watch watch;
  Subscription ending = there_->Subscribe(session_, 0, ended.Handler());
  const Subscription watching = there_->Subscribe(session_, 0, watch.Handler());
  ending.reset();
  here_->Publish(session_, Kept());
  EXPECT_EQ(watch.WaitFor(1).size(), 1U);
  EXPECT_EQ(ended.WaitFor(0).size(), 0U);
}

TEST(PassingEventJson, EveryKindSurvives) {
  TranscriptionEvent partial;
  partial.transcript.text = "Xin chào";
  partial.transcript.words = {{"Xin", 0.1, 0.2, 0.9}, {"chào", 0.3, 0.4, 0.8}};
  partial.is_final = false;
  partial.stable_words = 1;
  for (const EventPayload& payload :
       {EventPayload(ProgressEvent{42, model::Stage::kScoring}), EventPayload(ProgressEvent{0, model::Stage::kListening, 3}),
        EventPayload(partial), EventPayload(FeedbackDeltaEvent{"Tốt lắm", true})}) {
    const std::string text = WritePassing(payload, 1234);
    const auto read = ReadPassing(text);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->at_ms, 1234);
    EXPECT_EQ(read->payload.index(), payload.index());
    EXPECT_EQ(WritePassing(read->payload, 1234), text);
  }
}

TEST(PassingEventJson, WhatIsNoneIsRefused) {
  for (const char* wrong : {"", "{}", "[]", R"({"kind":"party","at_ms":1})", R"({"kind":"progress","at_ms":1})"})
    EXPECT_FALSE(ReadPassing(wrong).ok()) << wrong;
}

}  // namespace
}  // namespace speechcoach::pipeline
