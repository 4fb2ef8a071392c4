#include "schedule/job_runner.h"

#include <latch>
#include <stdexcept>

#include <gtest/gtest.h>

#include "schedule/local_runs.h"
#include "storage/temporary_database.h"

namespace speechcoach::schedule {
namespace {

using std::chrono::minutes;

constexpr std::int64_t kNoonMs = 1'795'435'200'000;

class JobRunnerTest : public ::testing::Test {
 protected:
  JobRunner Runner(std::function<base::Status(const std::stop_token&)> run) {
    return {{{"job", *base::Recurrence::Parse("every 1h"), minutes(5), std::move(run)}}, db_->schedule(), clock_};
  }
  storage::ScheduledRun Last() { return db_->schedule().Runs()->at(0); }

  storage::TemporaryDatabase db_;
  base::ManualClock clock_{kNoonMs};
  int count_ = 0;
};

TEST_F(JobRunnerTest, RunsOnceForOneTime) {
  const JobRunner runner = Runner([this](const std::stop_token&) {
    ++count_;
    clock_.Advance(std::chrono::milliseconds(30));
    return base::Status();
  });
  EXPECT_TRUE(runner.Run({"job", kNoonMs, 1}, {}).value());
  EXPECT_FALSE(runner.Run({"job", kNoonMs, 1}, {}).value());
  EXPECT_EQ(count_, 1);
  EXPECT_EQ(Last().last_duration_ms, 30);
  EXPECT_TRUE(runner.Run({.job = "job"}, {}).value()) << "without a time: now";
  EXPECT_EQ(count_, 2);
}

TEST_F(JobRunnerTest, AFailureIsAnErrorAndCounted) {
  const JobRunner failing =
      Runner([](const std::stop_token&) { return base::Status(base::ErrorCode::kStorageUnavailable, "no disk"); });
  EXPECT_EQ(failing.Run({"job", kNoonMs, 1}, {}).error().code, base::ErrorCode::kStorageUnavailable);
  const JobRunner throwing = Runner([](const std::stop_token&) -> base::Status { throw std::runtime_error("out of luck"); });
  EXPECT_EQ(throwing.Run({"job", kNoonMs + 3'600'000, 1}, {}).error().message, "out of luck");
  EXPECT_EQ(Last().failures, 2);
}

TEST_F(JobRunnerTest, AnUnknownJobIsRefused) {
  const JobRunner runner = Runner([](const std::stop_token&) { return base::Status(); });
  EXPECT_EQ(runner.Run({"other", kNoonMs, 1}, {}).error().code, base::ErrorCode::kNotFound);
}

TEST_F(JobRunnerTest, TheEndStopsARunningJobWhichIsThenDueAgain) {
  std::latch running(1);
  const JobRunner runner = Runner([&](const std::stop_token& stop) -> base::Status {
    running.count_down();
    while (!stop.stop_requested()) std::this_thread::yield();
    return {base::ErrorCode::kCancelled, "stopped"};
  });
  {
    LocalRuns runs(runner);
    ASSERT_TRUE(runs.Start({"job", kNoonMs, 1}).ok());
    running.wait();
    ASSERT_TRUE(runs.Start({"job", kNoonMs, 1}).ok()) << "one that runs is left alone";
  }
  EXPECT_EQ(Last().runs, 0);
  const JobRunner quick = Runner([](const std::stop_token&) { return base::Status(); });
  EXPECT_TRUE(quick.Run({"job", kNoonMs, 1}, {}).value());
}

}  // namespace
}  // namespace speechcoach::schedule
