#include "queue/celery/celery_job_queue.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/id.h"
#include "queue/celery/names.h"
#include "redis/test_server.h"

namespace speechcoach::queue {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr std::chrono::seconds kPatience{60};

// What happened to jobs, in their order.
class Notes {
 public:
  std::size_t Add(std::string what) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(std::move(what));
    changed_.notify_all();
    return notes_.size();
  }
  std::vector<std::string> WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [&] { return notes_.size() >= count; });
    return notes_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> notes_;
};

class CeleryJobQueueTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(client_.Run(redis::Command{"FLUSHDB"}).ok());
    config_.pipeline.max_attempts = 1;
    const std::string name = "q" + base::RandomHex(4);
    queue_ = MakeCeleryJobQueue(config_, client_,
                                {{{"analyse", name, "test.analyse"}}, {{name, 1}}, "test@" + base::RandomHex(4), {}});
  }
  void TearDown() override { queue_->Stop(kPatience); }

  static std::string Try(const Job& job) { return "try " + std::to_string(job.attempt); }

  Notes notes_;
  base::Config config_;
  redis::Client client_{redis::TestServer()};
  std::unique_ptr<JobQueue> queue_;
};

TEST_F(CeleryJobQueueTest, AStoreThatIsAwayCostsNoAttempt) {
  const auto handler = [&](const Job& job, const std::stop_token&) {
    return notes_.Add(Try(job)) < 3 ? JobOutcome::kStoreAway : JobOutcome::kDone;
  };
  const auto give_up = [&](const Job&) {
    notes_.Add("given up");
    return JobOutcome::kDone;
  };
  ASSERT_TRUE(queue_->Start(handler, give_up).ok());
  ASSERT_TRUE(queue_->Enqueue({"analyse", "s1", 0}).ok());
  EXPECT_THAT(notes_.WaitFor(3), ElementsAre("try 1", "try 2", "try 3"));
}

TEST_F(CeleryJobQueueTest, EachQueueIsAsLongAsItsListsOfAllPriorities) {
  const auto sender = MakeCeleryJobQueue(
      config_, client_,
      {{{"hear", "ears", "test.hear"}, {"measure", "ears", "test.measure"}, {"write", "pens", "test.write"}}, {}, "", {}});
  EXPECT_THAT(sender->WaitingByQueue(), ElementsAre(Pair("ears", 0), Pair("pens", 0)));
  for (const char* kind : {"hear", "measure", "write"}) ASSERT_TRUE(sender->Enqueue({kind, "s1", 0}).ok());
  ASSERT_TRUE(client_.Run(redis::Command{"LPUSH", celery::QueueKey("ears", 9), "less urgent"}).ok());
  EXPECT_THAT(sender->WaitingByQueue(), ElementsAre(Pair("ears", 3), Pair("pens", 1)));
  EXPECT_EQ(sender->Waiting(), 3) << "of the queue that takes new work";
}

TEST(CeleryJobQueue, OfABrokerThatIsAwayNoLengthIsTold) {
  redis::Options nowhere;
  nowhere.socket_path = "/nonexistent/redis.sock";
  redis::Client client(nowhere, {.connections = 1, .patience = std::chrono::milliseconds(1)});
  EXPECT_TRUE(MakeCeleryJobQueue({}, client, {{{"hear", "ears", "test.hear"}}, {}, "", {}})->WaitingByQueue().empty());
}

TEST_F(CeleryJobQueueTest, GivingUpIsRepeatedUntilItIsDone) {
  const auto handler = [&](const Job& job, const std::stop_token&) {
    notes_.Add(Try(job));
    return JobOutcome::kRetry;
  };
  const auto give_up = [&](const Job&) { return notes_.Add("given up") < 4 ? JobOutcome::kStoreAway : JobOutcome::kDone; };
  ASSERT_TRUE(queue_->Start(handler, give_up).ok());
  ASSERT_TRUE(queue_->Enqueue({"analyse", "s1", 1}).ok());
  EXPECT_THAT(notes_.WaitFor(4), ElementsAre("try 2", "given up", "try 3", "given up"));
}

}  // namespace
}  // namespace speechcoach::queue
