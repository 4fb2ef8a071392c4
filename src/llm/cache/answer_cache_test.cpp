#include "llm/cache/answer_cache.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace speechcoach::llm {
namespace {

// Answers with the number of the call; waits at a gate where told to.
class CountingProvider final : public ChatProvider {
 public:
  base::Result<ChatReply> Complete(const ChatRequest&, const ChatObserver& observer, std::stop_token stop) override {
    const int number = ++calls;
    std::unique_lock lock(mutex_);
    opened_.wait(lock, stop, [this] { return is_open_; });
    if (stop.stop_requested()) return base::Error{base::ErrorCode::kCancelled, ""};
    if (fails) return base::Error{base::ErrorCode::kFeedbackDegraded, "down"};
    const std::string text = "answer " + std::to_string(number);
    observer.on_text(text);
    return ChatReply{text, {10, 0, 5}, "p", "m", false};
  }
  void Open(bool is_open) {
    {
      const std::lock_guard lock(mutex_);
      is_open_ = is_open;
    }
    opened_.notify_all();
  }

  std::atomic<int> calls = 0;
  std::atomic<bool> fails = false;

 private:
  std::mutex mutex_;
  std::condition_variable_any opened_;
  bool is_open_ = true;
};

class CachedProviderTest : public ::testing::Test {
 protected:
  static ChatRequest Question(const std::string& key) {
    ChatRequest request;
    request.cache_key = key;
    return request;
  }
  base::Result<ChatReply> Ask(const ChatRequest& request, std::stop_token stop = {}) {
    ChatObserver observer;
    std::string shown;
    observer.on_text = [&](std::string_view text) { shown += text; };
    auto reply = cached_->Complete(request, observer, stop);
    EXPECT_EQ(shown, reply.ok() ? reply->text : "");
    return reply;
  }

  CountingProvider upstream_;
  std::unique_ptr<CachedProvider> cached_ = MakeCachedProvider(upstream_, MakeMemoryAnswerStore(2, std::chrono::seconds(3600)));
};

TEST_F(CachedProviderTest, EqualQuestionsAreAskedOnce) {
  EXPECT_EQ(Ask(Question("a"))->text, "answer 1");
  const auto again = Ask(Question("a"));
  EXPECT_EQ(again->text, "answer 1");
  EXPECT_TRUE(again->from_cache);
  EXPECT_EQ(again->usage.prompt_tokens, 0);
  EXPECT_EQ(again->provider, "p");
  EXPECT_EQ(Ask(Question("b"))->text, "answer 2");
  ChatRequest other_schema = Question("a");
  other_schema.json_schema = "{}";
  EXPECT_EQ(Ask(other_schema)->text, "answer 3");
  EXPECT_EQ(cached_->statistics().hits, 1);
  EXPECT_EQ(cached_->statistics().misses, 3);
}

TEST_F(CachedProviderTest, QuestionsWithoutAKeyAreNeverKept) {
  EXPECT_EQ(Ask(Question(""))->text, "answer 1");
  EXPECT_EQ(Ask(Question(""))->text, "answer 2");
}

TEST_F(CachedProviderTest, TheLeastRecentlyUsedGoes) {
  EXPECT_TRUE(Ask(Question("a")).ok());
  EXPECT_TRUE(Ask(Question("b")).ok());
  EXPECT_TRUE(Ask(Question("a")).ok());
  EXPECT_TRUE(Ask(Question("c")).ok());  // b goes
  EXPECT_TRUE(Ask(Question("a"))->from_cache);
  EXPECT_FALSE(Ask(Question("b"))->from_cache);
}

TEST_F(CachedProviderTest, OldAnswersAreNotUsed) {
  cached_ = MakeCachedProvider(upstream_, MakeMemoryAnswerStore(2, std::chrono::seconds(0)));
  EXPECT_TRUE(Ask(Question("a")).ok());
  EXPECT_FALSE(Ask(Question("a"))->from_cache);
}

TEST_F(CachedProviderTest, FailuresAreNotKept) {
  upstream_.fails = true;
  EXPECT_FALSE(Ask(Question("a")).ok());
  upstream_.fails = false;
  EXPECT_EQ(Ask(Question("a"))->text, "answer 2");
}

TEST_F(CachedProviderTest, AnAnswerTheNewQuestionObjectsToIsNotUsed) {
  EXPECT_TRUE(Ask(Question("a")).ok());
  ChatRequest strict = Question("a");
  strict.fault_of = [](const std::string& text) { return text == "answer 1" ? "It speaks of another learner." : ""; };
  EXPECT_EQ(Ask(strict)->text, "answer 2");
}

TEST_F(CachedProviderTest, ManyAtOnceAreOneCall) {
  upstream_.Open(false);
  std::vector<std::jthread> threads;
  std::atomic<int> same = 0;
  for (int i = 0; i < 100; ++i) {
    threads.emplace_back([&] {
      const auto reply = Ask(Question("a"));
      same += reply.ok() && reply->text == "answer 1" ? 1 : 0;
    });
  }
  while (upstream_.calls == 0) std::this_thread::yield();
  upstream_.Open(true);
  threads.clear();
  EXPECT_EQ(same, 100);
  EXPECT_EQ(upstream_.calls, 1);
  EXPECT_EQ(cached_->statistics().hits + cached_->statistics().shared, 99);
}

TEST_F(CachedProviderTest, WhoWaitedForAnAnswerThatFailedIsToldSoWithoutACallOfItsOwn) {
  upstream_.fails = true;
  upstream_.Open(false);
  std::atomic<int> told = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&] { told += Ask(Question("a")).ok() ? 0 : 1; });
  }
  while (upstream_.calls == 0) std::this_thread::yield();
  while (cached_->statistics().waiting < 19) std::this_thread::yield();
  upstream_.Open(true);
  threads.clear();
  EXPECT_EQ(told, 20);
  EXPECT_EQ(upstream_.calls, 1);
}

TEST_F(CachedProviderTest, WhereTheAskerWithdrawsAnotherOneAsks) {
  upstream_.Open(false);
  std::stop_source stop;
  std::jthread first([&] { EXPECT_FALSE(Ask(Question("a"), stop.get_token()).ok()); });
  while (upstream_.calls == 0) std::this_thread::yield();
  std::jthread second([&] { EXPECT_TRUE(Ask(Question("a")).ok()); });
  stop.request_stop();
  first.join();
  upstream_.Open(true);
}

TEST_F(CachedProviderTest, WhoWaitsCanBeCalledOff) {
  upstream_.Open(false);
  std::jthread first([&] { EXPECT_TRUE(Ask(Question("a")).ok()); });
  while (upstream_.calls == 0) std::this_thread::yield();
  std::stop_source stop;
  std::jthread second([&] { EXPECT_EQ(Ask(Question("a"), stop.get_token()).error().code, base::ErrorCode::kCancelled); });
  stop.request_stop();
  second.join();
  upstream_.Open(true);
}

}  // namespace
}  // namespace speechcoach::llm
