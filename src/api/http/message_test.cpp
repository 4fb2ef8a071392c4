#include "api/http/message.h"

#include <optional>

#include <gtest/gtest.h>

namespace speechcoach::api {
namespace {

TEST(HeadersTest, NamesAreFoundWhateverTheirCase) {
  Headers headers;
  headers.Add("Content-Type", "a");
  headers.Set("content-type", "b");
  EXPECT_EQ(headers.Get("CONTENT-TYPE"), "b");
  EXPECT_TRUE(headers.Has("content-Type"));
  EXPECT_FALSE(headers.Has("Content"));
  EXPECT_EQ(headers.Get("Content"), "");
}

TEST(ReplyTest, SendsTheFirstAnswerAlone) {
  int sent = 0;
  const Reply reply([&](Response response) {
    ++sent;
    EXPECT_EQ(response.status, 204);
  });
  reply(Response{.status = 204, .headers = {}, .body = {}});
  reply(Response{.status = 200, .headers = {}, .body = {}});
  EXPECT_EQ(sent, 1);
}

TEST(ReplyTest, AForgottenRequestIsAnsweredAllTheSame) {
  int status = 0;
  {
    const Reply reply([&](Response response) { status = response.status; });
    const Reply copy = reply;
  }
  EXPECT_EQ(status, 500);
}

TEST(BodyTest, ASliceSharesItsBytes) {
  std::optional<Body> whole = Body(std::string("0123456789"));
  const Body part = whole->Slice(2, 3);
  whole.reset();
  EXPECT_EQ(part.view(), "234");
}

}  // namespace
}  // namespace speechcoach::api
