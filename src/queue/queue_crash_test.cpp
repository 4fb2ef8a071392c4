// Processes that die in the middle of a job, and the one that comes after them.
#include <csignal>
#include <future>

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "queue/job_queue.h"
#include "storage/temporary_database.h"

namespace speechcoach::queue {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 60s;

class QueueCrashTest : public ::testing::Test {
 protected:
  // A process that enqueues `jobs`, starts them, and is killed inside the first one it runs.
  void DieInTheMiddle(const std::vector<Job>& jobs) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto db = std::move(storage::Database::Open({.url = "sqlite:" + db_.file().string(), .pool_size = 2}).value());
      const auto queue = MakeInProcessQueue({.workers = 1, .max_attempts = 3}, db->jobs());
      for (const Job& job : jobs) {
        if (!queue->Enqueue(job).ok()) ::_exit(1);
      }
      const base::Status started = queue->Start(
          [](const Job&, std::stop_token) -> JobOutcome {
            ::raise(SIGKILL);
            return JobOutcome::kDone;
          },
          [](const Job&) -> JobOutcome { ::_exit(0); });
      if (!started.ok()) ::_exit(1);
      while (true) ::pause();
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  }

  storage::TemporaryDatabase db_;
};

TEST_F(QueueCrashTest, TheNextProcessRunsWhatWasLeft) {
  const std::vector<Job> jobs{{"analyse", db_.AddSession(), 0}, {"analyse", db_.AddSession(), 0}};
  DieInTheMiddle(jobs);
  db_.Reopen();
  std::promise<void> both_ran;
  std::map<std::string, int> attempts;
  const auto queue = MakeInProcessQueue({.workers = 1, .max_attempts = 3}, db_->jobs());
  ASSERT_TRUE(queue
                  ->Start(
                      [&](const Job& job, std::stop_token) {
                        attempts[job.session_id] = job.attempt;
                        if (attempts.size() == 2) both_ran.set_value();
                        return JobOutcome::kDone;
                      },
                      [](const Job&) {
                        ADD_FAILURE();
                        return JobOutcome::kDone;
                      })
                  .ok());
  ASSERT_EQ(both_ran.get_future().wait_for(kPatience), std::future_status::ready);
  queue->Stop(kPatience);
  EXPECT_EQ(attempts[jobs[0].session_id], 2);
  EXPECT_EQ(attempts[jobs[1].session_id], 1);
  EXPECT_TRUE(db_->jobs().Pending()->empty());
}

TEST_F(QueueCrashTest, AJobThatKillsEveryProcessIsGivenUp) {
  const Job deadly{"analyse", db_.AddSession(), 0};
  for (int process = 0; process < 3; ++process) DieInTheMiddle({deadly});
  db_.Reopen();
  std::promise<std::string> given_up;
  const auto queue = MakeInProcessQueue({.workers = 1, .max_attempts = 3}, db_->jobs());
  ASSERT_TRUE(queue
                  ->Start(
                      [](const Job&, std::stop_token) {
                        ADD_FAILURE() << "a fourth attempt";
                        return JobOutcome::kDone;
                      },
                      [&](const Job& job) {
                        given_up.set_value(job.session_id);
                        return JobOutcome::kDone;
                      })
                  .ok());
  auto answer = given_up.get_future();
  ASSERT_EQ(answer.wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(answer.get(), deadly.session_id);
  queue->Stop(kPatience);
  EXPECT_TRUE(db_->jobs().Pending()->empty());
}

}  // namespace
}  // namespace speechcoach::queue
