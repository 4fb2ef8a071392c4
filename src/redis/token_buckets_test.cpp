#include "redis/token_buckets.h"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/test_server.h"

namespace speechcoach::redis {
namespace {

using testing::HasSubstr;
using testing::Not;

// One in a quarter of an hour: no machine is so slow that it refills.
constexpr double kSlow = 1.0 / 900;
// None is so slow that the server has not answered by then.
constexpr std::chrono::seconds kPatience{60};

class TokenBucketsTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(client_.Run(Command{"FLUSHDB"}).ok()); }
  Client client_{TestServer()};
  // Two processes.
  TokenBuckets here_{TestServer(), kPatience};
  TokenBuckets there_{TestServer(), kPatience};
};

TEST_F(TokenBucketsTest, ProcessesTakeFromTheSameBucket) {
  const BucketRate rate{"tries", kSlow, 3};
  EXPECT_EQ(here_.Take(rate, "a").value().left, 2);
  EXPECT_EQ(there_.Take(rate, "a").value().left, 1);
  const auto last = here_.Take(rate, "a");
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->wait_ms, 0);
  EXPECT_EQ(last->left, 0);
  EXPECT_NEAR(static_cast<double>(last->ms_until_full), 3 * 900'000, 200'000);
  const auto refused = there_.Take(rate, "a");
  ASSERT_TRUE(refused.has_value());
  EXPECT_NEAR(static_cast<double>(refused->wait_ms), 900'000, 200'000);
  EXPECT_EQ(there_.Take(rate, "b").value().wait_ms, 0) << "keys do not share";
  EXPECT_EQ(there_.Take({"guests", kSlow, 3}, "a").value().wait_ms, 0) << "nor do names";
}

TEST_F(TokenBucketsTest, HoweverManyAskAtOnceNoneIsGivenTwice) {
  const BucketRate rate{"tries", kSlow, 50};
  std::atomic<int> given = 0;
  std::atomic<int> unanswered = 0;
  std::vector<std::jthread> threads;
  for (TokenBuckets* buckets : {&here_, &there_, &here_, &there_}) {
    threads.emplace_back([&, buckets] {
      for (int i = 0; i < 25; ++i) {
        const auto answer = buckets->Take(rate, "a");
        unanswered += answer ? 0 : 1;
        given += answer && answer->wait_ms == 0 ? 1 : 0;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(unanswered, 0);
  EXPECT_EQ(given, 50);
}

TEST_F(TokenBucketsTest, RefillsAndIsForgottenWhenFull) {
  const BucketRate rate{"fast", 20, 1};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (int given = 0; given < 3;) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    const auto answer = here_.Take(rate, "a");
    ASSERT_TRUE(answer.has_value());
    if (answer->wait_ms == 0) ++given;
    std::this_thread::sleep_for(std::chrono::milliseconds(answer->wait_ms));
  }
  while (client_.Run(Command{"DBSIZE"})->integer > 0) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
}

TEST_F(TokenBucketsTest, NobodysNameIsOnTheServer) {
  ASSERT_TRUE(here_.Take({"tries", kSlow, 3}, "lan@example.org").has_value());
  const auto keys = client_.Run(Command{"KEYS", "*"});
  ASSERT_EQ(keys->items.size(), 1U);
  EXPECT_THAT(keys->items[0].text, HasSubstr("speechcoach:limit:tries:"));
  EXPECT_THAT(keys->items[0].text, Not(HasSubstr("lan")));
}

// Nobody listens there: the first look finds that out, the others do not even try.
TEST(TokenBuckets, WithoutAServerThereIsNoAnswerAndNobodyWaits) {
  Options nowhere;
  nowhere.socket_path = "/nonexistent/redis.sock";
  TokenBuckets buckets(nowhere);
  for (int i = 0; i < 10'000; ++i) ASSERT_FALSE(buckets.Take({"tries", kSlow, 3}, "a").has_value());
}

}  // namespace
}  // namespace speechcoach::redis
