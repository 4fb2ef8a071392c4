#include "api/http/delivery.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "api/http/caching.h"

namespace speechcoach::api {
namespace {

Request Asking(Method method, std::string_view name = {}, std::string_view value = {}) {
  Request request;
  request.method = method;
  if (!name.empty()) request.headers.Set(name, std::string(value));
  return request;
}

Response Answer(int status, std::string text, std::string media_type = "application/json") {
  Response response{.status = status, .headers = {}, .body = Body(std::move(text))};
  response.headers.Set("Content-Type", std::move(media_type));
  return response;
}

std::string Unpacked(std::string_view packed, std::size_t size) {
  std::string text(size, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return text;
}

TEST(DeliveryTest, WhatTheClientHoldsIsNotSentAgain) {
  Response first = Answer(200, R"({"a":1})");
  Deliver(Asking(Method::kGet), first);
  const std::string tag(first.headers.Get("ETag"));
  EXPECT_TRUE(tag.starts_with("W/\""));
  EXPECT_EQ(first.body.view(), R"({"a":1})");
  Response again = Answer(200, R"({"a":1})");
  Deliver(Asking(Method::kGet, "If-None-Match", "\"other\", " + tag), again);
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.view().empty());
  EXPECT_EQ(again.headers.Get("ETag"), tag);
  Response changed = Answer(200, R"({"a":2})");
  Deliver(Asking(Method::kGet, "If-None-Match", tag), changed);
  EXPECT_EQ(changed.status, 200);
}

TEST(DeliveryTest, WhatIsNotSentAgainVariesLikeWhatWasSent) {
  const std::string text(5000, 'a');
  Response again = Answer(200, text);
  Deliver(Asking(Method::kGet, "If-None-Match", "*"), again);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.headers.Get("Vary"), "Accept-Encoding");
}

TEST(DeliveryTest, OnlyWhatWasReadWellHasATag) {
  for (auto& [method, response] : {std::pair{Method::kPost, Answer(200, "{}")},
                                   {Method::kGet, Answer(202, "{}")},
                                   {Method::kGet, Answer(200, "RIFF", "audio/wav")}}) {
    Response sent = response;
    Deliver(Asking(method, "If-None-Match", "*"), sent);
    EXPECT_EQ(sent.status, response.status);
    EXPECT_FALSE(sent.headers.Has("ETag"));
  }
}

TEST(DeliveryTest, LongTextsArePackedForThoseWhoTakeIt) {
  const std::string text(5000, 'a');
  Response packed = Answer(200, text);
  Deliver(Asking(Method::kGet, "Accept-Encoding", "br, gzip;q=0.5"), packed);
  EXPECT_EQ(packed.headers.Get("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.view().size(), 200u);
  EXPECT_EQ(Unpacked(packed.body.view(), text.size()), text);
  for (const char* field : {"", "br", "gzip;q=0", "gzip; q=0.0"}) {
    Response plain = Answer(200, text);
    Deliver(Asking(Method::kGet, "Accept-Encoding", field), plain);
    EXPECT_EQ(plain.body.view(), text) << field;
    EXPECT_EQ(plain.headers.Get("Vary"), "Accept-Encoding");
  }
  for (const auto& response : {Answer(200, "{}"), Answer(200, text, "audio/wav")}) {
    Response plain = response;
    Deliver(Asking(Method::kGet, "Accept-Encoding", "gzip"), plain);
    EXPECT_FALSE(plain.headers.Has("Content-Encoding"));
  }
}

TEST(CachingTest, TagsAreComparedWeakly) {
  const std::string tag = EntityTagOf("text");
  EXPECT_NE(tag, EntityTagOf("texts"));
  EXPECT_TRUE(NamesTag("W/" + tag, tag));
  EXPECT_TRUE(NamesTag(tag, "W/" + tag));
  EXPECT_TRUE(NamesTag("*", tag));
  EXPECT_FALSE(NamesTag("", tag));
}

}  // namespace
}  // namespace speechcoach::api
