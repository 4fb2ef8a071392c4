#include "pipeline/redis_session_events.h"

#include <condition_variable>
#include <mutex>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/id.h"
#include "pipeline/session_event_json.h"
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
  for (int i = 0; i < 20; ++i) here_->Publish(session_, Progress(i));
  const auto numbers = watch.WaitFor(20);
  ASSERT_EQ(numbers.size(), 20U);
  for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], static_cast<std::int64_t>(i + 1));
}

TEST_F(RedisSessionEvents, WhoComesLateHearsTheRest) {
  for (int i = 0; i < 5; ++i) here_->Publish(session_, Progress(i));
  Watch watch;
  const Subscription watching = there_->Subscribe(session_, 3, watch.Handler());
  EXPECT_THAT(watch.WaitFor(2), testing::ElementsAre(4, 5));
  here_->Publish(session_, Progress(6));
  EXPECT_THAT(watch.WaitFor(3), testing::ElementsAre(4, 5, 6));
}

TEST_F(RedisSessionEvents, NoneIsLostWithTheConnection) {
  Watch watch;
  const Subscription watching = there_->Subscribe(session_, 0, watch.Handler());
  here_->Publish(session_, Progress(1));
  ASSERT_EQ(watch.WaitFor(1).size(), 1U);
  ASSERT_TRUE(client_.Run(redis::Command{"CLIENT", "KILL", "TYPE", "pubsub"}).ok());
  for (int i = 0; i < 5; ++i) here_->Publish(session_, Progress(i));
  EXPECT_THAT(watch.WaitFor(6), testing::ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(RedisSessionEvents, OfPartialTranscriptsTheNewestIsKept) {
  here_->Publish(session_, Partial(false));
  here_->Publish(session_, Partial(false));
  here_->Publish(session_, Progress(10));
  here_->Publish(session_, Partial(false));
  here_->Publish(session_, Partial(true));
  Watch watch;
  const Subscription watching = there_->Subscribe(session_, 0, watch.Handler());
  EXPECT_THAT(watch.WaitFor(3), testing::ElementsAre(3, 4, 5));
}

TEST_F(RedisSessionEvents, AnEndedSubscriptionHearsNothing) {
  Watch ended;
  Watch watch;
  Subscription ending = there_->Subscribe(session_, 0, ended.Handler());
  const Subscription watching = there_->Subscribe(session_, 0, watch.Handler());
  ending.reset();
  here_->Publish(session_, Progress(1));
  EXPECT_EQ(watch.WaitFor(1).size(), 1U);
  EXPECT_EQ(ended.WaitFor(0).size(), 0U);
}

TEST(SessionEventJson, EveryKindSurvives) {
  TranscriptionEvent transcription;
  transcription.transcript.text = "Xin chào";
  transcription.transcript.words = {{"Xin", 0.1, 0.2, 0.9}, {"chào", 0.3, 0.4, 0.8}};
  transcription.is_final = false;
  transcription.stable_words = 1;
  CompleteEvent complete;
  complete.analysis.transcript.text = "done";
  const std::vector<EventPayload> payloads{ProgressEvent{42, model::Stage::kScoring}, transcription, ProsodyEvent{}, PronunciationEvent{}, complete,
                                           ErrorEvent{{base::ErrorCode::kNoSpeech, "nobody"}, model::Stage::kTranscribing}};
  for (const EventPayload& payload : payloads) {
    const std::string text = WriteEvent(payload, 1234);
    const auto read = ReadEvent(text);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->at_ms, 1234);
    EXPECT_EQ(read->payload.index(), payload.index());
    EXPECT_EQ(WriteEvent(read->payload, 1234), text);
  }
}

TEST(SessionEventJson, WhatIsNoneIsRefused) {
  for (const char* wrong : {"", "{}", "[]", R"({"kind":"party","at_ms":1})", R"({"kind":"progress","at_ms":1})"}) EXPECT_FALSE(ReadEvent(wrong).ok()) << wrong;
}

}  // namespace
}  // namespace speechcoach::pipeline
