#include "queue/celery/broker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/id.h"
#include "queue/celery/dead_letters.h"
#include "queue/celery/names.h"
#include "redis/test_server.h"

namespace speechcoach::queue::celery {
namespace {

class BrokerTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(client_.Run(redis::Command{"FLUSHDB"}).ok());
    connection_ = redis::Connection::Open(redis::TestServer()).value();
  }

  void Send(const std::string& id, int priority = 0) {
    TaskMessage message;
    message.task = "t";
    message.id = id;
    message.priority = priority;
    message.routing_key = queue_;
    ASSERT_TRUE(broker_.Send(message, queue_).ok());
  }
  std::vector<Delivery> Fetch(int wanted, const std::string& worker = "worker") {
    std::vector<std::string> lists;
    for (const int step : kPrioritySteps) lists.push_back(QueueKey(queue_, step));
    return Broker::Fetch(*connection_, worker, lists, wanted).value();
  }
  std::int64_t Count(const std::string& command, const std::string& key) {
    return client_.Run(redis::Command{command, key})->integer;
  }

  const std::string queue_ = "q" + base::RandomHex(4);
  redis::Client client_{redis::TestServer()};
  Broker broker_{client_};
  std::unique_ptr<redis::Connection> connection_;
};

TEST_F(BrokerTest, WhatIsTakenIsUnackedUntilItIsFinished) {
  Send("one");
  const auto taken = Fetch(5);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(ParseTask(taken[0].payload)->id, "one");
  EXPECT_EQ(Count("HLEN", kUnacked), 1);
  EXPECT_EQ(Count("ZCARD", kUnackedIndex), 1);
  EXPECT_EQ(Count("SCARD", HeldKey("worker")), 1);
  ASSERT_TRUE(
      broker_.Finish("worker", taken[0].tag, {"result", R"({"status":"SUCCESS"})", 60}, {{"SET", "then", "run"}}).value());
  EXPECT_EQ(Count("HLEN", kUnacked), 0);
  EXPECT_EQ(Count("ZCARD", kUnackedIndex), 0);
  EXPECT_EQ(Count("SCARD", HeldKey("worker")), 0);
  EXPECT_EQ(client_.Run(redis::Command{"GET", "then"})->text, "run");
}

TEST_F(BrokerTest, TheUrgentGoFirstAndTheRestInTheirOrder) {
  Send("late", 9);
  Send("first");
  Send("second");
  Send("middle", 4);
  std::vector<std::string> order;
  for (const Delivery& delivery : Fetch(10)) order.push_back(ParseTask(delivery.payload)->id);
  EXPECT_THAT(order, testing::ElementsAre("first", "second", "middle", "late"));
}

TEST_F(BrokerTest, NoMoreAreTakenThanWanted) {
  for (int i = 0; i < 5; ++i) Send(std::to_string(i));
  EXPECT_EQ(Fetch(2).size(), 2U);
  EXPECT_EQ(Count("LLEN", queue_), 3);
}

TEST_F(BrokerTest, FinishedTwiceRunsWhatFollowsOnce) {
  Send("one");
  const auto taken = Fetch(1);
  EXPECT_TRUE(broker_.Finish("worker", taken[0].tag, {"result", "", 0}, {{"INCR", "count"}}).value());
  EXPECT_FALSE(broker_.Finish("worker", taken[0].tag, {"result", "", 0}, {{"INCR", "count"}}).value());
  EXPECT_EQ(client_.Run(redis::Command{"GET", "count"})->text, "1");
}

TEST_F(BrokerTest, SuccessIsNeverOverwritten) {
  Send("one");
  const auto taken = Fetch(1);
  ASSERT_TRUE(broker_.Finish("worker", taken[0].tag, {"result", R"({"status":"SUCCESS"})", 60}, {}).ok());
  ASSERT_TRUE(broker_.Finish("worker", taken[0].tag, {"result", R"({"status":"FAILURE"})", 60}, {}).ok());
  EXPECT_EQ(client_.Run(redis::Command{"GET", "result"})->text, R"({"status":"SUCCESS"})");
}

TEST_F(BrokerTest, TheRestoredIsNextAndSaysSo) {
  Send("one", 3);
  Send("two", 3);
  const auto taken = Fetch(1);
  ASSERT_TRUE(broker_.Restore("worker", taken[0].tag, true).value());
  EXPECT_FALSE(broker_.Restore("worker", taken[0].tag, true).value());
  const auto again = Fetch(1);
  ASSERT_EQ(again.size(), 1U);
  const auto message = ParseTask(again[0].payload);
  EXPECT_EQ(message->id, "one");
  EXPECT_TRUE(message->redelivered);
  EXPECT_EQ(message->deliveries, 1);
  EXPECT_EQ(again[0].queue_key, QueueKey(queue_, 3));
}

TEST_F(BrokerTest, WhatADeadWorkerHeldComesBack) {
  Send("one");
  Send("two");
  ASSERT_TRUE(broker_.StayAlive("dead", std::chrono::seconds(-1), {}).ok());
  ASSERT_TRUE(broker_.StayAlive("alive", std::chrono::seconds(60), {}).ok());
  ASSERT_EQ(Fetch(1, "dead").size(), 1U);
  ASSERT_EQ(Fetch(1, "alive").size(), 1U);
  EXPECT_EQ(broker_.RestoreLost(std::chrono::hours(1)).value(), 1);
  EXPECT_EQ(ParseTask(Fetch(5)[0].payload)->id, "one");
  EXPECT_EQ(Count("ZCARD", kWorkers), 1);
}

TEST_F(BrokerTest, WhatNobodyFinishesComesBackAfterTheVisibilityTimeout) {
  Send("one");
  ASSERT_EQ(Fetch(1).size(), 1U);
  EXPECT_EQ(broker_.RestoreLost(std::chrono::hours(1)).value(), 0);
  EXPECT_EQ(broker_.RestoreLost(std::chrono::seconds(-10)).value(), 1);
  EXPECT_EQ(Fetch(1).size(), 1U);
}

TEST_F(BrokerTest, WhatALongTaskHoldsIsNotForgotten) {
  Send("one");
  const auto taken = Fetch(1);
  ASSERT_TRUE(client_.Run(redis::Command{"ZADD", kUnackedIndex, "1", taken[0].tag}).ok());
  ASSERT_TRUE(broker_.StayAlive("worker", std::chrono::seconds(60), {taken[0].tag, "not-there"}).ok());
  EXPECT_EQ(broker_.RestoreLost(std::chrono::hours(1)).value(), 0);
  EXPECT_EQ(Count("ZCARD", kUnackedIndex), 1);
}

TEST_F(BrokerTest, WhatIsNoMessageIsADeadLetter) {
  ASSERT_TRUE(client_.Run(redis::Command{"LPUSH", queue_, "not a message"}).ok());
  ASSERT_TRUE(client_.Run(redis::Command{"LPUSH", queue_, R"({"properties": 1})"}).ok());
  Send("good");
  const auto taken = Fetch(5);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(ParseTask(taken[0].payload)->id, "good");
  const auto letters = DeadLetters(client_).List(10);
  ASSERT_TRUE(letters.ok());
  ASSERT_EQ(letters->size(), 2U);
  EXPECT_EQ((*letters)[0].queue, queue_);
  EXPECT_EQ(DeadLetters(client_).Replay((*letters)[0].id).error().code, base::ErrorCode::kBadJson);
  EXPECT_TRUE(DeadLetters(client_).Remove((*letters)[0].id).ok());
  EXPECT_EQ(DeadLetters(client_).List(10)->size(), 1U);
}

TEST_F(BrokerTest, WhatDeclaresAQueueIsKombusBinding) {
  ASSERT_TRUE(broker_.Declare(queue_).ok());
  const std::string member = queue_ + "\x06\x16\x06\x16" + queue_;
  EXPECT_EQ(client_.Run(redis::Command{"SISMEMBER", "_kombu.binding." + queue_, member})->integer, 1);
}

}  // namespace
}  // namespace speechcoach::queue::celery
