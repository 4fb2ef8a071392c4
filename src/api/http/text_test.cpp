#include "api/http/text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::api {
namespace {

TEST(ParseTargetTest, DecodesPathAndQueryOnce) {
  const auto target = ParseTarget("/a%20b/%C4%91?x=1&y=a+b%26c&empty=&flag&x=2#part");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a b/\xC4\x91");
  EXPECT_EQ(target->query, (std::map<std::string, std::string>{{"x", "2"}, {"y", "a b&c"}, {"empty", ""}, {"flag", ""}}));
  EXPECT_EQ(ParseTarget("/%2561")->path, "/%61");
  EXPECT_EQ(ParseTarget("/a+b")->path, "/a+b");
}

TEST(ParseTargetTest, RefusesWhatCouldLeaveItsPlace) {
  for (const char* target : {"", "a", "http://host/", "*", "/..", "/../etc", "/a/../b", "/a/%2e%2e/b", "/a/..%2fb", "/a%2Fb",
                             "/a\\b", "/a%5cb", "/%00", "/%", "/%4", "/%zz", "/?a=%", "/?%q=1"}) {
    EXPECT_FALSE(ParseTarget(target)) << target;
  }
  EXPECT_TRUE(ParseTarget("/a..b/...")) << "dots within a name are no parent";
}

RC_GTEST_PROP(ParseTargetTest, NeverAnswersAPathWithAParent, (const std::string& text)) {
  const auto target = ParseTarget("/" + text);
  if (!target) return;
  RC_ASSERT(target->path.starts_with('/'));
  RC_ASSERT(("/" + target->path + "/").find("/../") == std::string::npos);
}

TEST(FieldParameterTest, ReadsQuotedAndPlainValues) {
  EXPECT_EQ(FieldParameter("form-data; name=\"a\\\"b;c\"; filename=x.wav", "name"), "a\"b;c");
  EXPECT_EQ(FieldParameter("form-data; name=\"a;filename=z\"; filename=x.wav", "filename"), "x.wav");
  EXPECT_EQ(FieldParameter("multipart/form-data; Boundary=abc ", "boundary"), "abc");
  EXPECT_EQ(FieldParameter("a; flag; b=1", "b"), "1");
  EXPECT_FALSE(FieldParameter("a; b=\"open", "b"));
  EXPECT_FALSE(FieldParameter("a; bb=1", "b"));
  EXPECT_FALSE(FieldParameter("name=1", "name"));
}

TEST(ParseNumberTest, TakesWholeNumbersAlone) {
  EXPECT_EQ(ParseNumber("0"), 0);
  EXPECT_EQ(ParseNumber("9223372036854775807"), 9223372036854775807);
  for (const char* text : {"", "-1", "+1", "1.0", " 1", "1 ", "0x1", "9223372036854775808"})
    EXPECT_FALSE(ParseNumber(text)) << text;
}

TEST(MediaTypeTest, IsLowerCaseWithoutParameters) {
  EXPECT_EQ(MediaType("Audio/WEBM ;codecs=opus"), "audio/webm");
  EXPECT_EQ(MediaType(""), "");
}

}  // namespace
}  // namespace speechcoach::api
