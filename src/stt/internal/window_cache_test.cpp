#include "stt/internal/window_cache.h"

#include <vector>

#include <gtest/gtest.h>

namespace speechcoach::stt {
namespace {

TEST(WindowCache, FindsAWindowByAllItsSamples) {
  WindowCache cache(2);
  const std::vector<float> one{0.1F, 0.2F, 0.3F};
  DecodedWindow heard;
  heard.tokens = {{7, " one", -0.1, 0.0, 0.2}};
  cache.Put(one, heard);
  const auto found = cache.Find(one);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->tokens.front().text, " one");
  EXPECT_FALSE(cache.Find(std::vector<float>{0.1F, 0.2F}).has_value());
  EXPECT_FALSE(cache.Find(std::vector<float>{0.1F, 0.2F, 0.30001F}).has_value());
}

TEST(WindowCache, ForgetsTheOldest) {
  WindowCache cache(2);
  for (const float value : {1.0F, 2.0F, 3.0F}) cache.Put(std::vector<float>{value}, {});
  EXPECT_FALSE(cache.Find(std::vector<float>{1.0F}).has_value());
  EXPECT_TRUE(cache.Find(std::vector<float>{2.0F}).has_value());
  EXPECT_TRUE(cache.Find(std::vector<float>{3.0F}).has_value());
}

}  // namespace
}  // namespace speechcoach::stt
