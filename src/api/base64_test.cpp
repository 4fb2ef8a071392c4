#include "api/base64.h"

#include <string>

#include <gtest/gtest.h>

namespace speechcoach::api {
namespace {

std::optional<std::string> Text(const std::optional<std::vector<std::uint8_t>>& bytes) {
  if (!bytes) return std::nullopt;
  return std::string(bytes->begin(), bytes->end());
}

TEST(Base64Test, DecodesTheVectorsOfRfc4648) {
  EXPECT_EQ(Text(DecodeBase64("")), "");
  EXPECT_EQ(Text(DecodeBase64("Zg==")), "f");
  EXPECT_EQ(Text(DecodeBase64("Zm8=")), "fo");
  EXPECT_EQ(Text(DecodeBase64("Zm9v")), "foo");
  EXPECT_EQ(Text(DecodeBase64("Zm9vYmFy")), "foobar");
  EXPECT_EQ(Text(DecodeBase64("Zm9vYg")), "foob");
}

TEST(Base64Test, KeepsTheTwoAlphabetsApart) {
  EXPECT_EQ(Text(DecodeBase64("+/+/")), "\xfb\xff\xbf");
  EXPECT_EQ(Text(DecodeBase64Url("-_-_")), "\xfb\xff\xbf");
  EXPECT_FALSE(DecodeBase64("-_-_"));
  EXPECT_FALSE(DecodeBase64Url("+/+/"));
}

TEST(Base64Test, RefusesWhatIsNotBase64) {
  for (const char* text : {"Z", "Zm9vY", "Zm9v\n", "Zm 9", "=", "====", "Zg=a", "Zm9vYg=", "Zh==", "Zg===", "Zm9v===="}) {
    EXPECT_FALSE(DecodeBase64(text)) << text;
  }
  EXPECT_FALSE(DecodeBase64Url("Zg=="));
}

}  // namespace
}  // namespace speechcoach::api
