#include "llm/cache/redis_answer_store.h"

#include <string>

#include <gtest/gtest.h>

#include "redis/client.h"
#include "redis/test_server.h"

namespace speechcoach::llm {
namespace {

const std::string kKey("\x00\xff a hash", 9);

TEST(RedisAnswerStore, WhatOneServerKeepsAnotherFinds) {
  const auto one = MakeRedisAnswerStore(redis::TestServer(), std::chrono::seconds(60));
  const auto other = MakeRedisAnswerStore(redis::TestServer(), std::chrono::seconds(60));
  EXPECT_EQ(one->Get(kKey), std::nullopt);
  const std::string answer("{\"text\": \"Bạn đọc rõ\"}\r\n\0", 27);
  one->Put(kKey, answer);
  EXPECT_EQ(other->Get(kKey), answer);
  one->Put(kKey, "a newer one");
  EXPECT_EQ(other->Get(kKey), "a newer one");
  EXPECT_EQ(other->Get("another key"), std::nullopt);
}

TEST(RedisAnswerStore, AnAnswerGoesAfterItsTime) {
  MakeRedisAnswerStore(redis::TestServer(), std::chrono::seconds(3600))->Put("timed", "x");
  redis::Client client(redis::TestServer());
  const auto left_s = client.Run(redis::Command{"TTL", "speechcoach:answer:74696d6564"});
  ASSERT_TRUE(left_s.ok());
  EXPECT_GT(left_s->integer, 3000);
  EXPECT_LE(left_s->integer, 3600);
}

// Nobody listens there: the first look finds that out, the others do not even try.
TEST(RedisAnswerStore, WithoutAServerThereAreNoAnswersAndNobodyWaits) {
  redis::Options nowhere;
  nowhere.socket_path = "/nonexistent/redis.sock";
  const auto store = MakeRedisAnswerStore(nowhere, std::chrono::seconds(60));
  store->Put("k", "x");
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(store->Get("k"), std::nullopt);
}

}  // namespace
}  // namespace speechcoach::llm
