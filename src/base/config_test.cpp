#include "base/config.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/id.h"

namespace speechcoach::base {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ConfigTest : public ::testing::Test {
 protected:
  ~ConfigTest() override { std::filesystem::remove(path_); }

  ConfigSources WithFile(const std::string& yaml) {
    // Tests run side by side, each as its own process.
    path_ = std::filesystem::path(::testing::TempDir()) / (NewUuid() + ".yaml");
    std::ofstream(path_) << yaml;
    ConfigSources sources;
    sources.file = path_;
    sources.environment["HOME"] = "/home/learner";
    return sources;
  }

  std::string ErrorOf(const ConfigSources& sources) {
    const auto config = LoadConfig(sources);
    return config.ok() ? "(accepted)" : config.error().message;
  }

  std::filesystem::path path_;
};

TEST_F(ConfigTest, NeedsNoFile) {
  const auto config = LoadConfig({.file = {}, .environment = {{"HOME", "/home/learner"}}, .overrides = {}});
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->server.port, 8000);
  EXPECT_EQ(config->data_dir, "/home/learner/.local/share/speechcoach");
  EXPECT_EQ(config->database.url, "sqlite:/home/learner/.local/share/speechcoach/speechcoach.db");
}

TEST_F(ConfigTest, EnvironmentBeatsFileAndFlagsBeatBoth) {
  auto sources = WithFile("server:\n  port: 1111\n  host: 0.0.0.0\nlimits:\n  sessions_per_hour: 5\n");
  sources.environment["SPEECHCOACH_SERVER__PORT"] = "2222";
  sources.environment["SPEECHCOACH_LIMITS__SESSIONS_PER_HOUR"] = "6";
  sources.overrides = {{"server.port", "3333"}};
  const auto config = LoadConfig(sources);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->server.port, 3333);
  EXPECT_EQ(config->limits.sessions_per_hour, 6);
  EXPECT_EQ(config->server.host, "0.0.0.0");
}

TEST_F(ConfigTest, ReadsListsFromYamlAndFromText) {
  auto sources = WithFile("server:\n  allowed_origins: [https://a.example, https://b.example]\n");
  EXPECT_EQ(LoadConfig(sources)->server.allowed_origins.size(), 2u);
  sources.environment["SPEECHCOACH_SERVER__ALLOWED_ORIGINS"] = "https://c.example, https://d.example,https://e.example";
  EXPECT_EQ(LoadConfig(sources)->server.allowed_origins.at(1), "https://d.example");
}

TEST_F(ConfigTest, RefusesByNameWithTheReason) {
  EXPECT_THAT(ErrorOf(WithFile("server:\n  prot: 1\n")), HasSubstr("there is no key 'server.prot'; did you mean 'server.port'?"));
  EXPECT_THAT(ErrorOf(WithFile("server:\n  port: eighty\n")), HasSubstr("server.port: 'eighty' is not a number"));
  EXPECT_THAT(ErrorOf(WithFile("server:\n  port: 70000\n")), HasSubstr("server.port: 70000 is outside 0..65535"));
  EXPECT_THAT(ErrorOf(WithFile("server:\n  port: [1, 2]\n")), HasSubstr("server.port: one value is expected"));
  EXPECT_THAT(ErrorOf(WithFile("log:\n  level: loud\n")), HasSubstr("'loud' is not one of debug, info, warning, error"));
  EXPECT_THAT(ErrorOf(WithFile("server: [\n")), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf(WithFile("just text")), HasSubstr("is expected"));
  ConfigSources missing;
  missing.file = "/no/such/file.yaml";
  EXPECT_THAT(ErrorOf(missing), HasSubstr("/no/such/file.yaml: the file cannot be read"));
  missing.file = ::testing::TempDir();
  EXPECT_THAT(ErrorOf(missing), HasSubstr("a file is expected"));
  ConfigSources variable;
  variable.environment["SPEECHCOACH_AUTH__GUEST"] = "maybe";
  EXPECT_THAT(ErrorOf(variable), HasSubstr("SPEECHCOACH_AUTH__GUEST: auth.guest: 'maybe' is not true or false"));
}

TEST_F(ConfigTest, NeverShowsSecrets) {
  const std::string secret = "a-secret-that-is-long-enough-to-be-accepted";
  auto sources = WithFile("auth:\n  jwt_secret: " + secret + "\n");
  EXPECT_THAT(DescribeConfig(*LoadConfig(sources)), Not(HasSubstr(secret)));
  EXPECT_THAT(DescribeConfig(*LoadConfig(sources)), HasSubstr("auth.jwt_secret: (set)"));
  const std::string refused = ErrorOf(WithFile("auth:\n  jwt_secret: too-short\n"));
  EXPECT_THAT(refused, HasSubstr("at least 32 characters"));
  EXPECT_THAT(refused, Not(HasSubstr("too-short")));
}

}  // namespace
}  // namespace speechcoach::base
