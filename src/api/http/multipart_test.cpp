#include "api/http/multipart.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::api {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=B0";

std::vector<std::uint8_t> Bytes(std::string_view text) { return {text.begin(), text.end()}; }

TEST(MultipartTest, ReadsFieldsAndFiles) {
  const auto body = Bytes(
      "preamble\r\n--B0\r\nContent-Disposition: form-data; name=\"mode\"\r\n\r\nconversation\r\n"
      "--B0\r\ncontent-disposition: form-data; name=audio; filename=\"a.wav\"\r\nContent-Type: "
      "audio/wav\r\n\r\n\r\n--B\r\n\r\n--B0--\r\nend");
  const auto parts = ParseMultipart(kType, body);
  ASSERT_TRUE(parts.ok()) << parts.error().message;
  ASSERT_EQ(parts->size(), 2u);
  EXPECT_EQ((*parts)[0].name, "mode");
  EXPECT_EQ((*parts)[0].text(), "conversation");
  EXPECT_FALSE((*parts)[0].is_file);
  EXPECT_EQ((*parts)[1].name, "audio");
  EXPECT_EQ((*parts)[1].content_type, "audio/wav");
  EXPECT_EQ((*parts)[1].text(), "\r\n--B\r\n");
  EXPECT_TRUE((*parts)[1].is_file);
}

TEST(MultipartTest, AnEmptyPartIsEmpty) {
  for (const char* text : {"--B0\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--B0--",
                           "--B0\r\nContent-Disposition: form-data; name=a\r\n\r\n--B0--"}) {
    const auto body = Bytes(text);
    const auto parts = ParseMultipart(kType, body);
    ASSERT_TRUE(parts.ok());
    ASSERT_EQ(parts->size(), 1u);
    EXPECT_TRUE((*parts)[0].bytes.empty());
  }
}

TEST(MultipartTest, RefusesWhatIsNoForm) {
  const std::string part = "--B0\r\nContent-Disposition: form-data; name=a\r\n\r\nx";
  for (const std::string& text : {std::string(), std::string("--B0"), std::string("--B0\r\n"), part, part + "\r\n--B0",
                                  part + "\r\n--B0\r\n", std::string("--B0\r\nContent-Type: x\r\n\r\ny\r\n--B0--"),
                                  std::string("--B0\r\nContent-Disposition: attachment; name=a\r\n\r\ny\r\n--B0--"),
                                  std::string("--B0\r\nno colon\r\n\r\ny\r\n--B0--")}) {
    const auto body = Bytes(text);
    EXPECT_FALSE(ParseMultipart(kType, body).ok()) << text;
  }
  const auto body = Bytes(part + "\r\n--B0--");
  EXPECT_TRUE(ParseMultipart(kType, body).ok());
  EXPECT_FALSE(ParseMultipart("multipart/form-data", body).ok());
  EXPECT_FALSE(ParseMultipart("multipart/form-data; boundary=\"\"", body).ok());
}

TEST(MultipartTest, BoundsPartsAndHeaders) {
  std::string many;
  for (std::size_t i = 0; i <= kMaxFormParts; ++i) many += "--B0\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n";
  EXPECT_FALSE(ParseMultipart(kType, Bytes(many + "--B0--")).ok());
  const std::string long_name(kMaxPartHeaderBytes, 'n');
  EXPECT_FALSE(
      ParseMultipart(kType, Bytes("--B0\r\nContent-Disposition: form-data; name=" + long_name + "\r\n\r\nx\r\n--B0--")).ok());
}

RC_GTEST_PROP(MultipartTest, GivesBackEveryContentWithoutTheBoundary, (const std::vector<std::uint8_t>& content)) {
  RC_PRE(std::string(content.begin(), content.end()).find("\r\n--B0") == std::string::npos);
  auto body = Bytes("--B0\r\nContent-Disposition: form-data; name=a; filename=f\r\n\r\n");
  body.insert(body.end(), content.begin(), content.end());
  const auto end = Bytes("\r\n--B0--\r\n");
  body.insert(body.end(), end.begin(), end.end());
  const auto parts = ParseMultipart(kType, body);
  RC_ASSERT(parts.ok());
  RC_ASSERT(parts->size() == 1u);
  RC_ASSERT(std::vector<std::uint8_t>((*parts)[0].bytes.begin(), (*parts)[0].bytes.end()) == content);
}

// Pieces of a form in any order: never a crash, and what is answered lies in the body.
RC_GTEST_PROP(MultipartTest, SurvivesAnyMixture, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "--B0", "\r\n", "--", "Content-Disposition: form-data; name=a", ":", "\r\n\r\n", "x", "\r\n--B0--", " "));
  std::string text;
  for (const std::string& piece : pieces) text += piece;
  const auto body = Bytes(text);
  const auto parts = ParseMultipart(kType, body);
  if (!parts.ok()) return;
  for (const FormPart& part : *parts) {
    RC_ASSERT(part.bytes.data() >= body.data());
    RC_ASSERT(part.bytes.data() + part.bytes.size() <= body.data() + body.size());
  }
}

}  // namespace
}  // namespace speechcoach::api
