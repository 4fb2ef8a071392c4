// speechcoach.example.yaml is the documentation of the configuration: it names every key, with its default.
#include <filesystem>

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "base/config.h"

namespace speechcoach::base {
namespace {

const std::filesystem::path kExample = std::filesystem::path(SPEECHCOACH_TEST_DATA) / "../../speechcoach.example.yaml";

TEST(ConfigExample, NamesEveryKey) {
  const YAML::Node example = YAML::LoadFile(kExample);
  for (const std::string& key : ConfigKeys()) {
    const std::size_t dot = key.find('.');
    const YAML::Node value = dot == std::string::npos ? example[key] : example[key.substr(0, dot)][key.substr(dot + 1)];
    EXPECT_TRUE(value.IsDefined()) << key;
  }
}

TEST(ConfigExample, IsAcceptedAndChangesNothing) {
  const std::map<std::string, std::string> environment = {{"HOME", "/home/learner"}};
  const auto defaults = LoadConfig({.file = {}, .environment = environment, .overrides = {}});
  const auto example = LoadConfig({.file = kExample, .environment = environment, .overrides = {}});
  ASSERT_TRUE(example.ok()) << example.error().message;
  EXPECT_EQ(DescribeConfig(*example), DescribeConfig(*defaults));
}

}  // namespace
}  // namespace speechcoach::base
