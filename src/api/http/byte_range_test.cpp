#include "api/http/byte_range.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace speechcoach::api {
namespace {

struct RangeCase {
  const char* field;
  int status;
  const char* body;
  const char* content_range;
};

class ApplyRangeTest : public ::testing::TestWithParam<RangeCase> {};

TEST_P(ApplyRangeTest, AnswersTheBytesAskedFor) {
  const Response whole{.status = 200, .headers = {}, .body = Body(std::string("0123456789"))};
  const Response answer = ApplyRange(whole, GetParam().field);
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_EQ(answer.body.view(), GetParam().body);
  EXPECT_EQ(answer.headers.Get("Content-Range"), GetParam().content_range);
}

INSTANTIATE_TEST_SUITE_P(
    Ranges, ApplyRangeTest,
    ::testing::Values(RangeCase{"", 200, "0123456789", ""}, RangeCase{"bytes=0-0", 206, "0", "bytes 0-0/10"},
                      RangeCase{"bytes=2-4", 206, "234", "bytes 2-4/10"}, RangeCase{"bytes=8-", 206, "89", "bytes 8-9/10"},
                      RangeCase{"bytes=-3", 206, "789", "bytes 7-9/10"},
                      RangeCase{"bytes=-99", 206, "0123456789", "bytes 0-9/10"},
                      RangeCase{"bytes=5-99", 206, "56789", "bytes 5-9/10"}, RangeCase{"bytes=10-", 416, "", "bytes */10"},
                      RangeCase{"bytes=-0", 416, "", "bytes */10"}, RangeCase{"bytes=4-2", 200, "0123456789", ""},
                      RangeCase{"bytes=a-b", 200, "0123456789", ""}, RangeCase{"bytes=-", 200, "0123456789", ""},
                      RangeCase{"bytes=0-1,3-4", 200, "0123456789", ""}, RangeCase{"items=0-1", 200, "0123456789", ""},
                      RangeCase{"bytes=0-99999999999999999999", 200, "0123456789", ""}));

TEST(ParseRangeTest, NothingOfAnEmptyContentCanBeSent) {
  EXPECT_TRUE(std::holds_alternative<NotSatisfiable>(ParseRange("bytes=0-", 0)));
  EXPECT_TRUE(std::holds_alternative<NotSatisfiable>(ParseRange("bytes=-1", 0)));
}

}  // namespace
}  // namespace speechcoach::api
