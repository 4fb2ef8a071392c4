#include "storage/idempotency_repository.h"

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

class IdempotencyRepositoryTest : public ::testing::Test {
 protected:
  std::optional<KeptAnswer> Begin(std::string_view key, std::string_view hash, std::int64_t now_ms, std::int64_t stale_ms = 0) {
    return db_->idempotency().Begin(db_.user_id(), key, hash, now_ms, stale_ms).value();
  }
  TemporaryDatabase db_;
};

TEST_F(IdempotencyRepositoryTest, TheFirstGoesOnAndTheOthersGetItsAnswer) {
  EXPECT_FALSE(Begin("a", "h1", 1'000));
  const auto under_way = Begin("a", "h2", 1'001);
  ASSERT_TRUE(under_way);
  EXPECT_EQ(under_way->status, 0);
  EXPECT_EQ(under_way->request_hash, "h1");
  EXPECT_FALSE(Begin("b", "h1", 1'000)) << "another key is another request";
  ASSERT_TRUE(db_->idempotency().Finish(db_.user_id(), "a", {"h1", 201, "application/json", "/x", "{\"a\":1}"}).ok());
  ASSERT_TRUE(db_->idempotency().Abort(db_.user_id(), "a").ok());
  const auto kept = Begin("a", "h1", 9'000, 8'000);
  ASSERT_TRUE(kept) << "what has an answer is neither given up nor stale";
  EXPECT_EQ(kept->status, 201);
  EXPECT_EQ(kept->media_type, "application/json");
  EXPECT_EQ(kept->location, "/x");
  EXPECT_EQ(kept->body, "{\"a\":1}");
}

TEST_F(IdempotencyRepositoryTest, WhatNeverEndedIsBegunAnew) {
  EXPECT_FALSE(Begin("a", "h1", 1'000));
  EXPECT_TRUE(Begin("a", "h2", 2'000, 1'000));
  EXPECT_FALSE(Begin("a", "h2", 2'000, 1'001)) << "its process died";
  EXPECT_EQ(Begin("a", "h1", 2'001)->request_hash, "h2");
  ASSERT_TRUE(db_->idempotency().Abort(db_.user_id(), "a").ok());
  EXPECT_FALSE(Begin("a", "h3", 3'000));
}

TEST_F(IdempotencyRepositoryTest, AnswersAboutADeletedSessionGoWithIt) {
  const model::Session session = db_.NewSession(1'000);
  ASSERT_TRUE(db_->sessions().Create(session).ok());
  for (const auto& [key, body] : {std::pair{"a", "{\"id\":\"" + session.id + "\"}"}, {"b", std::string("{}")}}) {
    ASSERT_FALSE(Begin(key, "h", 1'000));
    ASSERT_TRUE(db_->idempotency().Finish(db_.user_id(), key, {"h", 201, "application/json", "", body}).ok());
  }
  ASSERT_TRUE(db_->sessions().Delete(session.id).ok());
  EXPECT_FALSE(Begin("a", "h", 2'000));
  EXPECT_TRUE(Begin("b", "h", 2'000));
}

}  // namespace
}  // namespace speechcoach::storage
