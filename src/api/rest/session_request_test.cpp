#include "api/rest/session_request.h"

#include <string>

#include <gtest/gtest.h>

namespace speechcoach::api {
namespace {

Request Make(std::string_view content_type, std::string_view body) {
  Request request;
  request.headers.Add("Content-Type", std::string(content_type));
  request.body.assign(body.begin(), body.end());
  return request;
}

std::string FieldOf(const std::variant<SessionRequest, BodyRefusal>& answer) {
  const auto* refusal = std::get_if<BodyRefusal>(&answer);
  return refusal != nullptr ? refusal->field : "(taken)";
}

std::string Form(std::string_view name, std::string_view value, std::string_view more = "") {
  return "--B\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"" + std::string(more) + "\r\n\r\n" +
         std::string(value) + "\r\n";
}

TEST(SessionRequestTest, ReadsJson) {
  const auto answer = ReadSessionRequest(
      Make(
          "application/json; charset=utf-8",
          R"({"mode":"sentence_practice","sentence_id":3,"locale":"en","reference_text":null,"audio_base64":"UklGRg==","audio_format":"wav"})"),
      model::Locale::kVi);
  ASSERT_TRUE(std::holds_alternative<SessionRequest>(answer));
  const auto& request = std::get<SessionRequest>(answer);
  EXPECT_EQ(request.session.mode, model::Mode::kSentencePractice);
  EXPECT_EQ(request.session.locale, model::Locale::kEn);
  EXPECT_EQ(request.session.sentence_id, 3);
  ASSERT_TRUE(request.recording);
  EXPECT_EQ(request.recording->format, "wav");
  EXPECT_EQ(std::string(request.recording->bytes.begin(), request.recording->bytes.end()), "RIFF");
}

TEST(SessionRequestTest, ReadsAForm) {
  const std::string body = Form("mode", "conversation") + Form("locale", "vi") + Form("sentence_id", "") +
                           Form("audio", "RIFF", "; filename=\"a.wav\"\r\nContent-Type: audio/x-wav") + "--B--\r\n";
  const auto answer = ReadSessionRequest(Make("multipart/form-data; boundary=B", body), model::Locale::kEn);
  ASSERT_TRUE(std::holds_alternative<SessionRequest>(answer));
  const auto& request = std::get<SessionRequest>(answer);
  EXPECT_EQ(request.session.mode, model::Mode::kConversation);
  EXPECT_FALSE(request.session.sentence_id);
  ASSERT_TRUE(request.recording);
  EXPECT_EQ(request.recording->format, "wav");
}

TEST(SessionRequestTest, AFilesTypeThatIsNoRecordingsSaysNothing) {
  const std::string body =
      Form("mode", "conversation") + Form("audio", "x", "; filename=a\r\nContent-Type: text/plain") + "--B--";
  const auto answer = ReadSessionRequest(Make("multipart/form-data; boundary=B", body), model::Locale::kVi);
  ASSERT_TRUE(std::holds_alternative<SessionRequest>(answer));
  EXPECT_EQ(std::get<SessionRequest>(answer).recording->format, "");
}

TEST(SessionRequestTest, NamesTheFieldThatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({})", "mode"},
      {R"({"mode":1})", "mode"},
      {R"({"mode":"karaoke"})", "mode"},
      {R"({"mode":"conversation","locale":"fr"})", "locale"},
      {R"({"mode":"conversation","locale":7})", "locale"},
      {R"({"mode":"sentence_practice","sentence_id":"3"})", "sentence_id"},
      {R"({"mode":"sentence_practice","sentence_id":0})", "sentence_id"},
      {R"({"mode":"sentence_practice","sentence_id":1.5})", "sentence_id"},
      {R"({"mode":"sentence_practice","reference_text":["x"]})", "reference_text"},
      {R"({"mode":"sentence_practice"})", "reference_text"},
      {R"({"mode":"sentence_practice","reference_text":"... ?"})", "reference_text"},
      {R"({"mode":"conversation","audio_base64":"%%%"})", "audio_base64"},
      {R"({"mode":"conversation","audio_base64":"UklGRg==","audio_format":"midi"})", "audio_format"},
  };
  for (const auto& [body, field] : cases) {
    EXPECT_EQ(FieldOf(ReadSessionRequest(Make("application/json", body), model::Locale::kVi)), field) << body;
  }
  EXPECT_EQ(FieldOf(ReadSessionRequest(
                Make("multipart/form-data; boundary=B", Form("mode", "conversation") + Form("sentence_id", "x") + "--B--"),
                model::Locale::kVi)),
            "sentence_id");
}

TEST(SessionRequestTest, RefusesOtherBodies) {
  const auto text = ReadSessionRequest(Make("text/plain", "hello"), model::Locale::kVi);
  EXPECT_EQ(std::get<BodyRefusal>(text).http_status, 415);
  for (const char* body : {"", "[1]", "{", "null"}) {
    EXPECT_EQ(std::get<BodyRefusal>(ReadSessionRequest(Make("application/json", body), model::Locale::kVi)).error.code,
              base::ErrorCode::kBadJson);
  }
}

TEST(RecordingBodyTest, TakesTheFileItself) {
  const auto answer = ReadRecording(Make("audio/webm;codecs=opus", "bytes"));
  EXPECT_EQ(std::get<pipeline::Recording>(answer).format, "webm_opus");
  EXPECT_EQ(std::get<pipeline::Recording>(answer).bytes.size(), 5u);
  EXPECT_EQ(std::get<pipeline::Recording>(ReadRecording(Make("", "bytes"))).format, "");
  EXPECT_EQ(std::get<BodyRefusal>(ReadRecording(Make("text/html", "<p>"))).error.code, base::ErrorCode::kUnsupportedFormat);
  EXPECT_EQ(std::get<BodyRefusal>(ReadRecording(Make("multipart/form-data; boundary=B", Form("other", "x") + "--B--"))).field,
            "audio");
}

}  // namespace
}  // namespace speechcoach::api
