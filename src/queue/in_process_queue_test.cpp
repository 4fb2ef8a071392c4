#include "queue/internal/in_process_queue.h"

#include <atomic>
#include <barrier>
#include <future>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/trace_context.h"
#include "storage/temporary_database.h"

namespace speechcoach::queue {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kPatience = 60s;  // only a broken queue takes as long
constexpr Backoff kShortPauses{1ms, 4ms};

// Counts, and lets a test wait for a number.
class Tally {
 public:
  int Add() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
    return count_;
  }
  bool WaitFor(int number) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return count_ >= number; });
  }
  int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

// Closed until opened; then open for good.
class Gate {
 public:
  void Open() { promise_.set_value(); }
  void Pass() { future_.wait(); }

 private:
  std::promise<void> promise_;
  std::shared_future<void> future_ = promise_.get_future().share();
};

JobOutcome NeverGivenUp(const Job& job) {
  ADD_FAILURE() << "given up after " << job.attempt;
  return JobOutcome::kDone;
}

JobOutcome Done(const Job&, std::stop_token) { return JobOutcome::kDone; }

class InProcessQueueTest : public ::testing::Test {
 protected:
  Job NewJob() { return {"analyse", db_.AddSession(), 0}; }
  std::unique_ptr<InProcessQueue> MakeQueue(const base::PipelineConfig& config = {}) {
    return std::make_unique<InProcessQueue>(config, kShortPauses, db_->jobs());
  }
  bool NothingIsPending() { return db_->jobs().Pending()->empty(); }

  storage::TemporaryDatabase db_;
};

TEST_F(InProcessQueueTest, RunsAJobAndRemovesIt) {
  const Job job = NewJob();
  Tally runs;
  const auto queue = MakeQueue();
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job& running, std::stop_token) {
                        EXPECT_EQ(running.session_id, job.session_id);
                        EXPECT_EQ(running.kind, "analyse");
                        EXPECT_EQ(running.attempt, 1);
                        runs.Add();
                        return JobOutcome::kDone;
                      },
                      NeverGivenUp)
                  .ok());
  ASSERT_TRUE(queue->Enqueue(job).ok());
  ASSERT_TRUE(runs.WaitFor(1));
  queue->Stop(kPatience);
  EXPECT_TRUE(NothingIsPending());
  EXPECT_EQ(queue->Waiting(), 0);
}

TEST_F(InProcessQueueTest, ARunBelongsToTheTraceOfWhoEnqueuedIt) {
  const base::TraceContext caller{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", false};
  Tally runs;
  base::TraceContext seen;
  const auto queue = MakeQueue();
  {
    const base::TraceScope scope(caller);
    ASSERT_TRUE(queue->Enqueue(NewJob()).ok());
  }
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job&, std::stop_token) {
                        seen = base::CurrentTrace();
                        runs.Add();
                        return JobOutcome::kDone;
                      },
                      NeverGivenUp)
                  .ok());
  ASSERT_TRUE(runs.WaitFor(1));
  queue->Stop(kPatience);
  EXPECT_EQ(seen.trace_id, caller.trace_id);
  EXPECT_NE(seen.span_id, caller.span_id);
}

TEST_F(InProcessQueueTest, AJobIsDurableBeforeItIsAccepted) {
  const Job job = NewJob();
  const auto queue = MakeQueue();
  ASSERT_TRUE(queue->Enqueue(job).ok());
  EXPECT_EQ(queue->Waiting(), 1);
  EXPECT_EQ(db_->jobs().Pending()->size(), 1u);
  EXPECT_EQ(queue->Enqueue({"analyse", base::NewUuid(), 0}).error().code, base::ErrorCode::kConflict);
  EXPECT_EQ(queue->Waiting(), 1);
}

TEST_F(InProcessQueueTest, RunsJobsInTheOrderOfArrival) {
  const std::vector<Job> jobs{NewJob(), NewJob(), NewJob()};
  std::vector<std::string> order;
  Tally runs;
  const auto queue = MakeQueue({.workers = 1});
  for (const Job& job : jobs) ASSERT_TRUE(queue->Enqueue(job).ok());
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job& job, std::stop_token) {
                        order.push_back(job.session_id);
                        runs.Add();
                        return JobOutcome::kDone;
                      },
                      NeverGivenUp)
                  .ok());
  ASSERT_TRUE(runs.WaitFor(3));
  queue->Stop(kPatience);
  EXPECT_THAT(order, ElementsAre(jobs[0].session_id, jobs[1].session_id, jobs[2].session_id));
}

TEST_F(InProcessQueueTest, SaysWhoWaitsInTheOrderInWhichTheyWillRun) {
  Gate done;  // outlives the queue, whose thread may still be in it
  const auto queue = MakeQueue();
  EXPECT_THAT(queue->InOrder(), IsEmpty());
  const Job first = NewJob();
  const Job second = NewJob();
  ASSERT_TRUE(queue->Enqueue(first).ok());
  ASSERT_TRUE(queue->Enqueue(second).ok());
  EXPECT_THAT(queue->InOrder(), ElementsAre(first.session_id, second.session_id));
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job& job, std::stop_token) {
                        if (job.session_id == second.session_id) done.Open();
                        return JobOutcome::kDone;
                      },
                      NeverGivenUp)
                  .ok());
  done.Pass();
  EXPECT_THAT(queue->InOrder(), IsEmpty());
}

TEST_F(InProcessQueueTest, AThousandJobsRunOnceEach) {
  constexpr int kJobs = 1000;
  constexpr int kJobsPerSession = 100;
  std::vector<Job> jobs;
  while (jobs.size() < kJobs) {
    const std::string session_id = db_.AddSession();
    for (int kind = 0; kind < kJobsPerSession; ++kind) jobs.push_back({std::to_string(kind), session_id, 0});
  }
  std::mutex mutex;
  std::map<std::pair<std::string, std::string>, int> runs_of;
  Tally runs;
  const auto queue = MakeQueue({.workers = 4, .max_queued = kJobs});
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job& job, std::stop_token) {
                        {
                          const std::lock_guard lock(mutex);
                          ++runs_of[{job.session_id, job.kind}];
                        }
                        runs.Add();
                        return JobOutcome::kDone;
                      },
                      NeverGivenUp)
                  .ok());
  std::vector<std::thread> senders;
  for (int sender = 0; sender < 2; ++sender) {
    senders.emplace_back([&, sender] {
      for (int i = sender; i < kJobs; i += 2) EXPECT_TRUE(queue->Enqueue(jobs[i]).ok());
    });
  }
  for (std::thread& sender : senders) sender.join();
  ASSERT_TRUE(runs.WaitFor(kJobs));
  queue->Stop(kPatience);
  EXPECT_EQ(runs_of.size(), static_cast<std::size_t>(kJobs));
  for (const auto& [job, count] : runs_of) EXPECT_EQ(count, 1);
  EXPECT_TRUE(NothingIsPending());
}

TEST_F(InProcessQueueTest, TheSameJobTwiceIsOne) {
  const Job job = NewJob();
  const auto queue = MakeQueue();
  ASSERT_TRUE(queue->Enqueue(job).ok());
  ASSERT_TRUE(queue->Enqueue(job).ok());
  EXPECT_EQ(queue->Waiting(), 1);
  EXPECT_EQ(db_->jobs().Pending()->size(), 1u);
}

TEST_F(InProcessQueueTest, OneEnqueuedWhileItRunsIsRunOnceMoreAndAsIfNew) {
  const Job job = NewJob();
  Gate running;
  Gate may_end;
  Tally runs;
  std::vector<int> attempts;
  const auto queue = MakeQueue({.workers = 2, .max_attempts = 1});
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job& started, std::stop_token) {
                        attempts.push_back(started.attempt);
                        if (attempts.size() == 1) {
                          running.Open();
                          may_end.Pass();
                        }
                        runs.Add();
                        return JobOutcome::kDone;
                      },
                      NeverGivenUp)
                  .ok());
  ASSERT_TRUE(queue->Enqueue(job).ok());
  running.Pass();
  ASSERT_TRUE(queue->Enqueue(job).ok());
  ASSERT_TRUE(queue->Enqueue(job).ok());
  EXPECT_EQ(queue->Waiting(), 0);
  may_end.Open();
  ASSERT_TRUE(runs.WaitFor(2));
  queue->Stop(kPatience);
  EXPECT_THAT(attempts, ElementsAre(1, 1));
  EXPECT_TRUE(NothingIsPending());
}

// Enqueues a job again and again while it ends: each acceptance is followed by a run.
TEST_F(InProcessQueueTest, NoAcceptedJobIsLostToOneThatEnds) {
  const Job job = NewJob();
  std::atomic<int> accepted = 0;
  std::atomic<int> seen = 0;  // what was accepted when the last run began
  const auto queue = MakeQueue();
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job&, std::stop_token) {
                        seen = accepted.load();
                        return JobOutcome::kDone;
                      },
                      NeverGivenUp)
                  .ok());
  for (int i = 1; i <= 300; ++i) {
    accepted = i;  // before, so that a run which begins in between counts
    ASSERT_TRUE(queue->Enqueue(job).ok());
  }
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (seen != 300 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT_EQ(seen, 300);
  queue->Stop(kPatience);
}

TEST_F(InProcessQueueTest, RefusesMoreThanMayWait) {
  const auto queue = MakeQueue({.max_queued = 2});
  const Job first = NewJob();
  ASSERT_TRUE(queue->Enqueue(first).ok());
  ASSERT_TRUE(queue->Enqueue(NewJob()).ok());
  const base::Status third = queue->Enqueue(NewJob());
  EXPECT_EQ(third.error().code, base::ErrorCode::kBusy);
  EXPECT_TRUE(queue->Enqueue(first).ok());
  EXPECT_EQ(db_->jobs().Pending()->size(), 2u);
}

TEST_F(InProcessQueueTest, TriesAgainAfterARetryAndAnException) {
  const Job job = NewJob();
  std::vector<int> attempts;
  Tally runs;
  const auto queue = MakeQueue({.max_attempts = 3});
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job& running, std::stop_token) -> JobOutcome {
                        attempts.push_back(running.attempt);
                        const int run = runs.Add();
                        if (run == 1) return JobOutcome::kRetry;
                        if (run == 2) throw std::runtime_error("broken");
                        return JobOutcome::kDone;
                      },
                      NeverGivenUp)
                  .ok());
  ASSERT_TRUE(queue->Enqueue(job).ok());
  ASSERT_TRUE(runs.WaitFor(3));
  queue->Stop(kPatience);
  EXPECT_THAT(attempts, ElementsAre(1, 2, 3));
  EXPECT_TRUE(NothingIsPending());
}

TEST_F(InProcessQueueTest, OneThatWaitsForItsRetryHoldsNoWorker) {
  const Job failing = NewJob();
  const Job other = NewJob();
  Gate failed;
  Tally others;
  InProcessQueue queue({.workers = 1}, Backoff{kPatience, kPatience}, db_->jobs());
  ASSERT_TRUE(queue
                  .Start(
                      [&](const Job& job, std::stop_token) {
                        if (job.session_id != failing.session_id) {
                          others.Add();
                          return JobOutcome::kDone;
                        }
                        failed.Open();
                        return JobOutcome::kRetry;
                      },
                      NeverGivenUp)
                  .ok());
  ASSERT_TRUE(queue.Enqueue(failing).ok());
  failed.Pass();
  ASSERT_TRUE(queue.Enqueue(other).ok());
  EXPECT_TRUE(others.WaitFor(1));
  queue.Stop(kPatience);
  EXPECT_EQ(queue.Waiting(), 1);
  EXPECT_EQ(db_->jobs().Pending()->size(), 1u);
}

TEST_F(InProcessQueueTest, GivesUpAfterTheLastAttempt) {
  const Job job = NewJob();
  std::atomic<int> runs = 0;
  Tally given_up;
  const auto queue = MakeQueue({.max_attempts = 3});
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job&, std::stop_token) {
                        ++runs;
                        return JobOutcome::kRetry;
                      },
                      [&](const Job& lost) {
                        EXPECT_EQ(lost.session_id, job.session_id);
                        given_up.Add();
                        return JobOutcome::kDone;
                      })
                  .ok());
  ASSERT_TRUE(queue->Enqueue(job).ok());
  ASSERT_TRUE(given_up.WaitFor(1));
  queue->Stop(kPatience);
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(given_up.count(), 1);
  EXPECT_TRUE(NothingIsPending());
}

TEST_F(InProcessQueueTest, GivingUpIsRepeatedUntilItSucceeds) {
  Tally given_up;
  const auto queue = MakeQueue({.max_attempts = 1});
  ASSERT_TRUE(queue
                  ->Start([](const Job&, std::stop_token) { return JobOutcome::kRetry; },
                          [&](const Job&) {
                            const int tries = given_up.Add();
                            if (tries == 1) throw std::runtime_error("database is down");
                            return tries == 2 ? JobOutcome::kStoreAway : JobOutcome::kDone;
                          })
                  .ok());
  ASSERT_TRUE(queue->Enqueue(NewJob()).ok());
  ASSERT_TRUE(given_up.WaitFor(3));
  queue->Stop(kPatience);
  EXPECT_TRUE(NothingIsPending());
}

TEST_F(InProcessQueueTest, AJobDeletedWithItsSessionIsNotRun) {
  const Job deleted = NewJob();
  const Job kept = NewJob();
  Tally runs;
  const auto queue = MakeQueue({.workers = 1});
  ASSERT_TRUE(queue->Enqueue(deleted).ok());
  ASSERT_TRUE(queue->Enqueue(kept).ok());
  ASSERT_TRUE(db_->sessions().Delete(deleted.session_id).ok());
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job& job, std::stop_token) {
                        EXPECT_EQ(job.session_id, kept.session_id);
                        runs.Add();
                        return JobOutcome::kDone;
                      },
                      NeverGivenUp)
                  .ok());
  ASSERT_TRUE(runs.WaitFor(1));
  queue->Stop(kPatience);
  EXPECT_EQ(queue->Waiting(), 0);
}

TEST_F(InProcessQueueTest, StopLetsARunningJobEndAndKeepsTheOthers) {
  Gate running;
  const auto queue = MakeQueue({.workers = 1});
  ASSERT_TRUE(queue->Enqueue(NewJob()).ok());
  const Job waiting = NewJob();
  ASSERT_TRUE(queue->Enqueue(waiting).ok());
  Gate may_end;
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job&, const std::stop_token& stop) {
                        running.Open();
                        may_end.Pass();
                        EXPECT_FALSE(stop.stop_requested());
                        return JobOutcome::kDone;
                      },
                      NeverGivenUp)
                  .ok());
  running.Pass();
  auto stopped = std::async(std::launch::async, [&] { queue->Stop(kPatience); });
  while (queue->Enqueue(waiting).ok()) std::this_thread::yield();  // refused as soon as it stops
  may_end.Open();
  stopped.get();
  queue->Stop(0ms);
  const auto left = db_->jobs().Pending();
  ASSERT_EQ(left->size(), 1u);
  EXPECT_EQ(left->front().session_id, waiting.session_id);
  EXPECT_EQ(left->front().attempt, 0);
  EXPECT_EQ(queue->Enqueue(NewJob()).error().code, base::ErrorCode::kBusy);
}

TEST_F(InProcessQueueTest, AfterTheGraceHandlersAreAskedToStopAndTheAttemptDoesNotCount) {
  Gate running;
  const auto queue = MakeQueue({.workers = 1, .max_attempts = 1});
  ASSERT_TRUE(queue->Enqueue(NewJob()).ok());
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job&, const std::stop_token& stop) {
                        running.Open();
                        while (!stop.stop_requested()) std::this_thread::yield();
                        return JobOutcome::kRetry;
                      },
                      NeverGivenUp)
                  .ok());
  running.Pass();
  queue->Stop(1ms);
  const auto left = db_->jobs().Pending();
  ASSERT_EQ(left->size(), 1u);
  EXPECT_EQ(left->front().attempt, 0);
}

TEST_F(InProcessQueueTest, StartsOnlyOnce) {
  const auto queue = MakeQueue();
  ASSERT_TRUE(queue->Start(Done, NeverGivenUp).ok());
  EXPECT_EQ(queue->Start(Done, NeverGivenUp).error().code, base::ErrorCode::kWrongState);
  queue->Stop(0ms);
  EXPECT_EQ(queue->Start(Done, NeverGivenUp).error().code, base::ErrorCode::kWrongState);
}

TEST(BackoffTest, DoublesUpToItsEnd) {
  const Backoff backoff{100ms, 1000ms};
  EXPECT_EQ(backoff.Before(1), 100ms);
  EXPECT_EQ(backoff.Before(2), 200ms);
  EXPECT_EQ(backoff.Before(4), 800ms);
  EXPECT_EQ(backoff.Before(5), 1000ms);
  EXPECT_EQ(backoff.Before(1'000'000), 1000ms);
}

}  // namespace
}  // namespace speechcoach::queue
