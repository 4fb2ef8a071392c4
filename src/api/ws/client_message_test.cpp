#include "api/ws/client_message.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::api {
namespace {

template <typename Message>
Message Read(std::string_view text) {
  const auto parsed = ParseClientMessage(text);
  const auto* message = std::get_if<ClientMessage>(&parsed);
  if (message == nullptr || !std::holds_alternative<Message>(*message)) {
    ADD_FAILURE() << text;
    return {};
  }
  return std::get<Message>(*message);
}

TEST(ClientMessageTest, ReadsEveryKind) {
  const auto start = Read<StartSession>(
      R"({"type":"start_session","mode":"sentence_practice","sentence_id":4,"audio":{"format":"pcm_f32le","sample_rate":48000},"locale":"en","client_ref":"r1","later":1})");
  EXPECT_EQ(start.mode, model::Mode::kSentencePractice);
  EXPECT_EQ(start.sentence_id, 4);
  EXPECT_EQ(start.source.format, StreamFormat::kPcmF32);
  EXPECT_EQ(start.source.sample_rate_hz, 48000);
  EXPECT_EQ(start.locale, model::Locale::kEn);
  EXPECT_EQ(start.client_ref, "r1");
  EXPECT_EQ(Read<StartSession>(R"({"type":"start_session","mode":"conversation","audio":{"format":"webm_opus"}})")
                .source.sample_rate_hz,
            0);
  const auto chunk = Read<AudioChunk>(R"({"type":"audio_chunk","session_id":"s","seq":4294967295,"data":"AAE="})");
  EXPECT_EQ(chunk.seq, 4294967295u);
  EXPECT_EQ(chunk.bytes, (std::vector<std::uint8_t>{0, 1}));
  EXPECT_EQ(Read<EndRecording>(R"({"type":"end_recording","session_id":"s","last_seq":-1})").last_seq, -1);
  EXPECT_EQ(Read<CancelRecording>(R"({"type":"cancel","session_id":"s"})").session_id, "s");
  EXPECT_EQ(Read<Ping>(R"({"type":"ping","nonce":"n"})").nonce, "n");
  EXPECT_TRUE(Read<RetryAnalysis>(R"({"type":"retry","session_id":"s","full":true})").full);
  EXPECT_EQ(Read<ResumeSession>(R"({"type":"resume","session_id":"s","last_event":5})").last_event, 5);
}

struct BadCase {
  const char* text;
  base::ErrorCode code;
  const char* field;
};

TEST(ClientMessageTest, NamesWhatIsWrong) {
  using enum base::ErrorCode;
  for (const auto& [text, code, field] : {
           BadCase{"", kBadJson, ""},
           BadCase{"not json", kBadJson, ""},
           BadCase{"[]", kBadJson, ""},
           BadCase{R"({"type":"ping"} {"type":"ping"})", kBadJson, ""},
           BadCase{"{}", kBadField, "type"},
           BadCase{R"({"type":7})", kBadField, "type"},
           BadCase{R"({"type":"sing"})", kUnknownType, "type"},
           BadCase{R"({"type":"start_session","audio":{"format":"webm_opus"}})", kBadField, "mode"},
           BadCase{R"({"type":"start_session","mode":"conversation"})", kBadField, "audio"},
           BadCase{R"({"type":"start_session","mode":"conversation","audio":{}})", kBadField, "audio.format"},
           BadCase{R"({"type":"start_session","mode":"conversation","audio":{"format":"mp3"}})", kUnsupportedFormat,
                   "audio.format"},
           BadCase{R"({"type":"start_session","mode":"conversation","audio":{"format":"pcm_s16le"}})", kBadField,
                   "audio.sample_rate"},
           BadCase{R"({"type":"start_session","mode":"conversation","audio":{"format":"pcm_s16le","sample_rate":7999}})",
                   kBadField, "audio.sample_rate"},
           BadCase{R"({"type":"start_session","mode":"conversation","audio":{"format":"pcm_s16le","sample_rate":48001}})",
                   kBadField, "audio.sample_rate"},
           BadCase{R"({"type":"start_session","mode":"conversation","locale":"fr","audio":{"format":"webm_opus"}})", kBadField,
                   "locale"},
           BadCase{R"({"type":"audio_chunk","seq":0,"data":""})", kBadField, "session_id"},
           BadCase{R"({"type":"audio_chunk","session_id":"s","seq":-1,"data":""})", kBadField, "seq"},
           BadCase{R"({"type":"audio_chunk","session_id":"s","seq":4294967296,"data":""})", kBadField, "seq"},
           BadCase{R"({"type":"audio_chunk","session_id":"s","seq":1.5,"data":""})", kBadField, "seq"},
           BadCase{R"({"type":"audio_chunk","session_id":"s","seq":0,"data":"?"})", kBadField, "data"},
           BadCase{R"({"type":"end_recording","session_id":"s"})", kBadField, "last_seq"},
           BadCase{R"({"type":"end_recording","session_id":"s","last_seq":-2})", kBadField, "last_seq"},
           BadCase{R"({"type":"retry","session_id":"s","full":"yes"})", kBadField, "full"},
           BadCase{R"({"type":"resume","session_id":"s","last_event":-1})", kBadField, "last_event"},
       }) {
    const auto parsed = ParseClientMessage(text);
    ASSERT_TRUE(std::holds_alternative<BadMessage>(parsed)) << text;
    EXPECT_EQ(std::get<BadMessage>(parsed).code, code) << text;
    EXPECT_EQ(std::get<BadMessage>(parsed).field, field) << text;
  }
}

TEST(ClientMessageTest, AFailedStartKeepsItsReference) {
  const auto parsed = ParseClientMessage(R"({"type":"start_session","client_ref":"r1","mode":"karaoke"})");
  EXPECT_EQ(std::get<BadMessage>(parsed).client_ref, "r1");
}

RC_GTEST_PROP(ClientMessageTest, SurvivesAnyText, (const std::string& text)) {
  RC_ASSERT(std::holds_alternative<BadMessage>(ParseClientMessage(text)));
}

TEST(BinaryChunkTest, IsEightBytesAndTheAudio) {
  const std::vector<std::uint8_t> frame{1, 2, 3, 4, 0xff, 0, 0, 0x80, 9, 8};
  const auto chunk = ParseBinaryChunk(frame);
  ASSERT_TRUE(chunk);
  EXPECT_EQ(chunk->stream_id, 0x04030201u);
  EXPECT_EQ(chunk->seq, 0x800000ffu);
  EXPECT_EQ(chunk->bytes.size(), 2u);
  EXPECT_FALSE(ParseBinaryChunk(std::span(frame).first(7)));
  EXPECT_TRUE(ParseBinaryChunk(std::span(frame).first(8)));
}

}  // namespace
}  // namespace speechcoach::api
