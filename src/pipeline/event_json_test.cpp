#include "pipeline/event_json.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(std::get<PronunciationEvent>(FromLogText(ToLogText(PronunciationEvent{pronunciation})).value()).report.text_match, 0.5);
}

TEST(EventJsonTest, WhatIsNoEventIsRefused) {
  for (const char* text : {"", "[]", "{}", R"({"kind":"progress"})", R"({"kind":"complete","analysis":3})"}) {
    EXPECT_FALSE(FromLogText(text).ok()) << text;
  }
}

}  // namespace
}  // namespace speechcoach::pipeline
