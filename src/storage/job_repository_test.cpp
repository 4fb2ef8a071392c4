#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

using ::testing::ElementsAre;

class JobRepositoryTest : public ::testing::Test {
 protected:
  JobRepository& jobs() { return db_->jobs(); }
  std::vector<std::string> PendingSessions() {
    const auto pending = jobs().Pending();
    std::vector<std::string> ids;
    for (const JobRecord& job : *pending) ids.push_back(job.session_id);
    return ids;
  }

  TemporaryDatabase db_;
};

TEST_F(JobRepositoryTest, KeepsJobsInTheOrderOfArrivalThroughAReopening) {
  const std::string a = db_.AddSession();
  const std::string b = db_.AddSession();
  const std::string c = db_.AddSession();
  for (const std::string& id : {b, c, a}) ASSERT_TRUE(jobs().Add({"analyse", id, 0}).ok());
  db_.Reopen();
  EXPECT_THAT(PendingSessions(), ElementsAre(b, c, a));
  ASSERT_TRUE(jobs().Remove({"analyse", c, 0}).ok());
  EXPECT_THAT(PendingSessions(), ElementsAre(b, a));
}

TEST_F(JobRepositoryTest, AddingAgainKeepsTheOneThatIsThere) {
  const std::string id = db_.AddSession();
  ASSERT_TRUE(jobs().Add({"analyse", id, 0}).ok());
  ASSERT_EQ(*jobs().CountAttempt({"analyse", id, 0}), 1);
  ASSERT_TRUE(jobs().Add({"analyse", id, 0}).ok());
  ASSERT_EQ(jobs().Pending()->size(), 1u);
  EXPECT_EQ(jobs().Pending()->front().attempt, 1);
  ASSERT_TRUE(jobs().Add({"other", id, 0}).ok());
  EXPECT_EQ(jobs().Pending()->size(), 2u);
}

TEST_F(JobRepositoryTest, CountsAttemptsThroughAReopeningAndForgetsThem) {
  const JobRecord job{"analyse", db_.AddSession(), 0};
  ASSERT_TRUE(jobs().Add(job).ok());
  EXPECT_EQ(*jobs().CountAttempt(job), 1);
  db_.Reopen();
  EXPECT_EQ(*jobs().CountAttempt(job), 2);
  ASSERT_TRUE(jobs().ForgetAttempts(job).ok());
  EXPECT_EQ(*jobs().CountAttempt(job), 1);
}

TEST_F(JobRepositoryTest, AJobThatIsNotThere) {
  const JobRecord job{"analyse", db_.AddSession(), 0};
  EXPECT_EQ(jobs().CountAttempt(job).error().code, base::ErrorCode::kNotFound);
  EXPECT_TRUE(jobs().ForgetAttempts(job).ok());
  EXPECT_TRUE(jobs().Remove(job).ok());
  EXPECT_EQ(jobs().Add({"analyse", base::NewUuid(), 0}).error().code, base::ErrorCode::kConflict);
}

TEST_F(JobRepositoryTest, NoCountIsLostAmongManyThreads) {
  const JobRecord job{"analyse", db_.AddSession(), 0};
  ASSERT_TRUE(jobs().Add(job).ok());
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) EXPECT_TRUE(jobs().CountAttempt(job).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(jobs().Pending()->front().attempt, 160);
}

}  // namespace
}  // namespace speechcoach::storage
