#include "redis/client.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/id.h"
#include "redis/test_server.h"

namespace speechcoach::redis {
namespace {

std::string NewKey() { return "test." + base::RandomHex(8); }

TEST(RedisClient, AnswersAreValues) {
  Client client(TestServer());
  const std::string key = NewKey();
  ASSERT_TRUE(client.Run(Command{"SET", key, std::string("a\0b", 3)}).ok());
  EXPECT_EQ(client.Run(Command{"GET", key})->text, std::string("a\0b", 3));
  EXPECT_EQ(client.Run(Command{"STRLEN", key})->integer, 3);
  EXPECT_TRUE(client.Run(Command{"GET", key + ".none"})->is_nil());
  const auto many = client.Run(std::vector<Command>{{"RPUSH", key + ".list", "1", "2"}, {"LRANGE", key + ".list", "0", "-1"}});
  ASSERT_TRUE(many.ok());
  ASSERT_EQ((*many)[1].items.size(), 2U);
  EXPECT_EQ((*many)[1].items[1].text, "2");
}

TEST(RedisClient, AServersErrorIsAnError) {
  Client client(TestServer());
  const auto answer = client.Run(Command{"NOSUCHCOMMAND"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, base::ErrorCode::kInternal);
}

TEST(RedisClient, ScriptsRunWhetherTheServerKnowsThemOrNot) {
  Client client(TestServer());
  const Script script("return {KEYS[1], ARGV[1]} -- " + base::RandomHex(8));
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.Run(script, {"key"}, {"argument"});
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(answer->items[0].text, "key");
    EXPECT_EQ(answer->items[1].text, "argument");
  }
  ASSERT_TRUE(client.Run(Command{"SCRIPT", "FLUSH"}).ok());
  EXPECT_TRUE(client.Run(script, {"key"}, {"argument"}).ok());
}

TEST(RedisClient, ConnectsAgainWhenTheConnectionBreaks) {
  Client client(TestServer(), {.connections = 1});
  const std::int64_t id = client.Run(Command{"CLIENT", "ID"})->integer;
  Client other(TestServer());
  ASSERT_EQ(other.Run(Command{"CLIENT", "KILL", "ID", std::to_string(id)})->integer, 1);
  const auto again = client.Run(Command{"CLIENT", "ID"});
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_NE(again->integer, id);
}

TEST(RedisClient, ThreadsShareFewConnections) {
  Client client(TestServer(), {.connections = 2});
  const std::string key = NewKey();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) ASSERT_TRUE(client.Run(Command{"INCR", key}).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(client.Run(Command{"GET", key})->text, "400");
}

TEST(RedisClient, AServerThatIsNotThereIsUnavailable) {
  Options nowhere;
  nowhere.server = {"127.0.0.1", 1};
  Client client(nowhere, {.connections = 1, .patience = std::chrono::milliseconds(50)});
  const auto answer = client.Run(Command{"PING"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, base::ErrorCode::kStorageUnavailable);
}

TEST(RedisClient, AWrongPasswordIsABadConfiguration) {
  Options wrong = TestServer();
  wrong.password = "wrong";
  Client client(wrong);
  const auto answer = client.Run(Command{"PING"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, base::ErrorCode::kBadConfig);
  EXPECT_THAT(answer.error().message, testing::HasSubstr("WRONGPASS"));
}

TEST(RedisClient, SpeaksTls) {
  Client client(TestServer("SPEECHCOACH_TEST_REDIS_TLS"));
  const std::string large(3'000'000, 'x');
  const std::string key = NewKey();
  ASSERT_TRUE(client.Run(Command{"SET", key, large}).ok());
  EXPECT_EQ(client.Run(Command{"GET", key})->text, large);
}

TEST(RedisClient, ACertificateForAnotherNameIsRefused) {
  Options options = TestServer("SPEECHCOACH_TEST_REDIS_TLS");
  options.server.host = "127.0.0.2";  // the same server, by an address that its certificate does not hold
  options.tls.verify = true;
  Client client(options, {.connections = 1, .patience = std::chrono::milliseconds(10)});
  EXPECT_FALSE(client.Run(Command{"PING"}).ok());
}

TEST(RedisClient, ATlsServerOfUnknownAuthorityIsRefused) {
  Options options = TestServer("SPEECHCOACH_TEST_REDIS_TLS");
  options.tls.ca_file.clear();
  Client client(options, {.connections = 1, .patience = std::chrono::milliseconds(10)});
  EXPECT_FALSE(client.Run(Command{"PING"}).ok());
  options.tls.verify = false;
  Client careless(options);
  EXPECT_TRUE(careless.Run(Command{"PING"}).ok());
}

TEST(RedisClient, SpeaksOverAUnixSocketInTheNamedDatabase) {
  Client client(TestServer("SPEECHCOACH_TEST_REDIS_SOCKET"));
  const std::string key = NewKey();
  ASSERT_TRUE(client.Run(Command{"SET", key, "here"}).ok());
  Client first_database(TestServer());
  EXPECT_TRUE(first_database.Run(Command{"GET", key})->is_nil());
}

TEST(RedisConnection, BlockingCommandsAnswerLater) {
  auto opened = Connection::Open(TestServer());
  ASSERT_TRUE(opened.ok());
  Connection& connection = **opened;
  const std::string key = NewKey();
  ASSERT_TRUE(connection.Send({"BLPOP", key, "0"}).ok());
  const auto nothing = connection.Read(std::chrono::milliseconds(20));
  ASSERT_TRUE(nothing.ok());
  EXPECT_FALSE(nothing->has_value());
  Client other(TestServer());
  ASSERT_TRUE(other.Run(Command{"LPUSH", key, "value"}).ok());
  const auto answer = connection.Read(std::chrono::seconds(20));
  ASSERT_TRUE(answer.ok());
  ASSERT_TRUE(answer->has_value());
  EXPECT_EQ((**answer).items[1].text, "value");
}

}  // namespace
}  // namespace speechcoach::redis
