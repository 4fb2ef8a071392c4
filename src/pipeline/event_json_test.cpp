#include "pipeline/event_json.h"

#include <tuple>

#include <gtest/gtest.h>

#include "pipeline/passing_event_json.h"

namespace speechcoach::pipeline {
namespace {

TEST(EventJsonTest, KeptEventsComeBack) {
  const TranscriptionEvent heard{{"Xin chào!", {{"Xin", 0.1, 0.2, 0.5}, {"chào!", 0.2, 0.4, 0.6}}, 0.55, "base", false}, true};
  const auto transcription = FromLogText(ToLogText(heard));
  ASSERT_TRUE(transcription.ok());
  EXPECT_EQ(std::get<TranscriptionEvent>(*transcription).transcript.text, "Xin chào!");
  EXPECT_EQ(std::get<TranscriptionEvent>(*transcription).transcript.words.size(), 2u);
  EXPECT_TRUE(std::get<TranscriptionEvent>(*transcription).is_final);

  model::Analysis analysis;
  analysis.scores.overall = 7.5;
  analysis.feedback.conversational = "Tốt lắm";
  const auto complete = FromLogText(ToLogText(CompleteEvent{analysis}));
  ASSERT_TRUE(complete.ok());
  EXPECT_EQ(std::get<CompleteEvent>(*complete).analysis.scores.overall, 7.5);
  EXPECT_EQ(std::get<CompleteEvent>(*complete).analysis.feedback.conversational, "Tốt lắm");

  const auto error = FromLogText(ToLogText(ErrorEvent{{base::ErrorCode::kSttFailed, "why"}, model::Stage::kTranscribing}));
  ASSERT_TRUE(error.ok());
  EXPECT_EQ(std::get<ErrorEvent>(*error).error.code, base::ErrorCode::kSttFailed);
  EXPECT_EQ(std::get<ErrorEvent>(*error).stage, model::Stage::kTranscribing);

  model::ProsodyReport prosody;
  prosody.pitch.mean_hz = 210;
  EXPECT_EQ(std::get<ProsodyEvent>(FromLogText(ToLogText(ProsodyEvent{prosody})).value()).report.pitch.mean_hz, 210);
  model::PronunciationReport pronunciation;
  pronunciation.text_match = 0.5;
  EXPECT_EQ(std::get<PronunciationEvent>(FromLogText(ToLogText(PronunciationEvent{pronunciation})).value()).report.text_match,
            0.5);
}

TEST(EventJsonTest, HintsPassFromOneProcessToAnother) {
  const pronunciation::LiveHint hint{
      3, "think", 1.25, 1.5, "TH", "θ", "T", "t", "Đưa lưỡi ra giữa hai hàm răng.", "Tongue between the teeth.", 0.75};
  EXPECT_FALSE(IsKept(HintEvent{hint}));
  const auto event = ReadPassing(WritePassing(HintEvent{hint}, 42));
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->at_ms, 42);
  const auto& back = std::get<HintEvent>(event->payload).hint;
  EXPECT_EQ(std::tie(back.word, back.text, back.start_s, back.end_s, back.phone, back.ipa),
            std::tie(hint.word, hint.text, hint.start_s, hint.end_s, hint.phone, hint.ipa));
  EXPECT_EQ(std::tie(back.heard, back.heard_ipa, back.tip_vi, back.tip_en, back.confidence),
            std::tie(hint.heard, hint.heard_ipa, hint.tip_vi, hint.tip_en, hint.confidence));
}

TEST(EventJsonTest, WhatIsNoEventIsRefused) {
  for (const char* text : {"", "[]", "{}", R"({"kind":"progress"})", R"({"kind":"complete","analysis":3})"}) {
    EXPECT_FALSE(FromLogText(text).ok()) << text;
  }
}

}  // namespace
}  // namespace speechcoach::pipeline
