#include "redis/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace speechcoach::redis {
namespace {

TEST(RedisUrl, NamesHostPortDatabaseAndUser) {
  const auto options = ParseUrl("redis://coach:p%40ss@cache.example:6380/3");
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->server.host, "cache.example");
  EXPECT_EQ(options->server.port, 6380);
  EXPECT_EQ(options->database, 3);
  EXPECT_EQ(options->username, "coach");
  EXPECT_EQ(options->password, "p@ss");
  EXPECT_FALSE(options->tls.enabled);
}

TEST(RedisUrl, HasDefaults) {
  const auto options = ParseUrl("redis://[::1]");
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->server.host, "::1");
  EXPECT_EQ(options->server.port, 6379);
  EXPECT_EQ(options->database, 0);
  EXPECT_TRUE(options->password.empty());
}

TEST(RedisUrl, APasswordNeedsNoUser) {
  const auto options = ParseUrl("redis://:secret@localhost/0");
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->username, "");
  EXPECT_EQ(options->password, "secret");
}

TEST(RedisUrl, TlsTakesCelerysOptions) {
  const auto options = ParseUrl("rediss://localhost?ssl_cert_reqs=none&ssl_ca_certs=/etc/ca.pem");
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_TRUE(options->tls.enabled);
  EXPECT_FALSE(options->tls.verify);
  EXPECT_EQ(options->tls.ca_file, "/etc/ca.pem");
}

TEST(RedisUrl, SocketsAreNamedByPath) {
  const auto options = ParseUrl("unix:///run/redis/redis.sock?db=2");
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->socket_path, "/run/redis/redis.sock");
  EXPECT_EQ(options->database, 2);
}

TEST(RedisUrl, SentinelsAreAList) {
  const auto options = ParseUrl("sentinel://:secret@one:26379,two,three:26381/1?master=coach");
  ASSERT_TRUE(options.ok()) << options.error().message;
  ASSERT_EQ(options->sentinels.size(), 3U);
  EXPECT_EQ(options->sentinels[1].host, "two");
  EXPECT_EQ(options->sentinels[1].port, 26379);
  EXPECT_EQ(options->sentinels[2].port, 26381);
  EXPECT_EQ(options->master_name, "coach");
  EXPECT_EQ(options->database, 1);
}

TEST(RedisUrl, WhatIsNotSupportedIsRefusedByName) {
  const std::vector<std::pair<std::string, std::string>> refused{
      {"redis+cluster://localhost", "Cluster"},
      {"amqp://localhost", "'amqp'"},
      {"localhost:6379", "redis://"},
      {"redis://localhost/one", "'one'"},
      {"redis://localhost?retry=1", "'retry'"},
      {"redis://localhost:70000", "host"},
      {"rediss://localhost?ssl_certfile=/a.pem", "ssl_keyfile"},
      {"sentinel://one", "master"},
      {"unix://", "socket"},
  };
  for (const auto& [url, named] : refused) {
    const auto options = ParseUrl(url);
    ASSERT_FALSE(options.ok()) << url;
    EXPECT_EQ(options.error().code, base::ErrorCode::kBadConfig) << url;
    EXPECT_THAT(options.error().message, testing::HasSubstr(named)) << url;
  }
}

TEST(RedisUrl, AFaultDoesNotRepeatThePassword) {
  const auto options = ParseUrl("redis://coach:open sesame@localhost");
  ASSERT_FALSE(options.ok());
  EXPECT_THAT(options.error().message, testing::Not(testing::HasSubstr("sesame")));
}

}  // namespace
}  // namespace speechcoach::redis
