#include "queue/celery/worker.h"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/id.h"
#include "queue/celery/dead_letters.h"
#include "queue/celery/names.h"
#include "queue/celery/producer.h"
#include "queue/celery/results.h"
#include "redis/test_server.h"

namespace speechcoach::queue::celery {
namespace {

constexpr std::chrono::seconds kPatience{30};

class WorkerTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(client_.Run(redis::Command{"FLUSHDB"}).ok()); }

  std::unique_ptr<Worker> Start(Registry tasks, int concurrency = 2) {
    WorkerOptions options;
    options.hostname = "test@" + base::RandomHex(4);
    options.queues = {queue_};
    options.concurrency = concurrency;
    auto worker = std::make_unique<Worker>(redis::TestServer(), options, std::move(tasks));
    EXPECT_TRUE(worker->Start().ok());
    return worker;
  }
  std::string Send(const std::string& task, boost::json::array args = {}) {
    TaskMessage message;
    message.task = task;
    message.args = std::move(args);
    return producer_.Send(message, queue_).value();
  }
  TaskResult ResultOf(const std::string& id) { return WaitForResult(redis::TestServer(), id, kPatience).value().value(); }

  const std::string queue_ = "q" + base::RandomHex(4);
  redis::Client client_{redis::TestServer()};
  Producer producer_{client_};
};

TEST_F(WorkerTest, RunsWhatIsSent) {
  const auto worker = Start({{"echo", {[](const TaskContext& context) -> Outcome { return Success{context.message.args}; }}}});
  EXPECT_EQ(ResultOf(Send("echo", {1, "hai"})).result, (boost::json::array{1, "hai"}));
  EXPECT_EQ(worker->health().processed, 1);
}

TEST_F(WorkerTest, AQueueTakesNoMoreThanItsSlots) {
  const std::string other = queue_ + ".other";
  struct Load {
    std::atomic<int> now = 0, most = 0;
  };
  Load here, there;
  std::atomic<bool> is_released = false;
  const auto held = [&is_released](Load& load) {
    return [&](const TaskContext&) -> Outcome {
      const int running = ++load.now;
      for (int seen = load.most; seen < running && !load.most.compare_exchange_weak(seen, running);) {
      }
      while (!is_released) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      --load.now;
      return Success{nullptr};
    };
  };
  WorkerOptions options;
  options.hostname = "test@" + base::RandomHex(4);
  options.queues = {queue_, other};
  options.slots = {{queue_, 1}, {other, 2}};
  options.concurrency = 3;
  Worker worker(redis::TestServer(), options, {{"here", {held(here)}}, {"there", {held(there)}}});
  ASSERT_TRUE(worker.Start().ok());
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    for (const bool is_other : {false, true}) {
      TaskMessage message;
      message.task = is_other ? "there" : "here";
      ids.push_back(producer_.Send(message, is_other ? other : queue_).value());
    }
  }
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (here.now + there.now < 3 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(here.now, 1);
  EXPECT_EQ(there.now, 2);
  is_released = true;
  for (const std::string& id : ids) ResultOf(id);
  EXPECT_EQ(here.most, 1);
  EXPECT_EQ(there.most, 2);
}

TEST_F(WorkerTest, WhatThrowsIsTriedAgainAndThenADeadLetter) {
  std::atomic<int> runs = 0;
  std::atomic<int> failures = 0;
  Task task{[&](const TaskContext&) -> Outcome {
    ++runs;
    throw std::runtime_error("no luck");
  }};
  task.options.max_retries = 2;
  task.options.first_pause = std::chrono::milliseconds(1);
  task.options.on_failure = [&](const TaskMessage&, const Failure& failure) {
    failures += failure.message == "no luck" ? 1 : 0;
    return true;
  };
  const auto worker = Start({{"throw", task}});
  const std::string id = Send("throw");
  EXPECT_EQ(ResultOf(id).status, "FAILURE");
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(DeadLetters(client_).Get(id)->task, "throw");
}

TEST_F(WorkerTest, WaitingForWhatIsAwayUsesUpNoTry) {
  std::atomic<int> runs = 0;
  Task task{[&](const TaskContext& context) -> Outcome {
    if (++runs == 6) return Success{context.message.retries};
    return Retry{"away", {}, false};
  }};
  task.options.max_retries = 1;
  task.options.first_pause = std::chrono::milliseconds(1);
  task.options.longest_pause = std::chrono::milliseconds(2);
  const auto worker = Start({{"wait", task}});
  const TaskResult result = ResultOf(Send("wait"));
  EXPECT_EQ(result.status, "SUCCESS");
  EXPECT_EQ(result.result, boost::json::value(0));
  EXPECT_EQ(runs, 6);
}

TEST_F(WorkerTest, WhatKeepsKillingWorkersIsGivenUp) {
  TaskMessage message;
  message.task = "killer";
  message.deliveries = 3;
  std::atomic<int> runs = 0;
  std::atomic<int> failures = 0;
  Task task{[&](const TaskContext&) -> Outcome {
    ++runs;
    return Success{nullptr};
  }};
  task.options.first_pause = std::chrono::milliseconds(1);
  task.options.on_failure = [&](const TaskMessage&, const Failure&) { return ++failures == 2; };
  const std::string id = producer_.Send(message, queue_).value();
  const auto worker = Start({{"killer", task}});
  EXPECT_EQ(ResultOf(id).status, "FAILURE");
  EXPECT_EQ(runs, 0);
  EXPECT_EQ(failures, 2) << "where it cannot be noted, again";
}

TEST_F(WorkerTest, StoppingGivesBackWhatDoesNotEndInTime) {
  std::atomic<bool> is_running = false;
  const auto worker = Start({{"long", {[&](const TaskContext& context) -> Outcome {
                                is_running = true;
                                while (!context.stop.stop_requested()) std::this_thread::yield();
                                return Interrupted{};
                              }}}},
                            1);
  Send("long");
  Send("long");
  while (!is_running) std::this_thread::yield();
  EXPECT_TRUE(worker->Stop(std::chrono::milliseconds(0)));
  EXPECT_EQ(client_.Run(redis::Command{"LLEN", queue_})->integer, 2);
  EXPECT_EQ(client_.Run(redis::Command{"HLEN", kUnacked})->integer, 0);
  EXPECT_EQ(client_.Run(redis::Command{"ZCARD", kWorkers})->integer, 0);
}

TEST_F(WorkerTest, GoesOnWhenAllItsConnectionsBreak) {
  const auto worker = Start({{"echo", {[](const TaskContext& context) -> Outcome { return Success{context.message.args}; }}}});
  EXPECT_EQ(ResultOf(Send("echo", {1})).status, "SUCCESS");
  for (const char* kind : {"normal", "pubsub"})
    ASSERT_TRUE(client_.Run(redis::Command{"CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes"}).ok());
  EXPECT_EQ(ResultOf(Send("echo", {2})).status, "SUCCESS");
}

TEST_F(WorkerTest, ManyWorkersRunEachTaskOnce) {
  std::atomic<int> runs = 0;
  const Registry tasks{{"count", {[&](const TaskContext&) -> Outcome {
                          ++runs;
                          return Success{nullptr};
                        }}}};
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < 3; ++i) workers.push_back(Start(tasks, 3));
  std::vector<std::string> ids;
  for (int i = 0; i < 300; ++i) ids.push_back(Send("count"));
  for (const std::string& id : ids) EXPECT_EQ(ResultOf(id).status, "SUCCESS");
  EXPECT_EQ(runs, 300);
}

}  // namespace
}  // namespace speechcoach::queue::celery
