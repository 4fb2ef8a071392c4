#include "pipeline/conversation_summary.h"

#include <vector>

#include <gtest/gtest.h>

namespace speechcoach::pipeline {
namespace {

model::Turn Answer(const std::string& text, double seconds, double score) {
  model::Turn turn;
  turn.analysis.emplace();
  model::Analysis& analysis = *turn.analysis;
  analysis.audio_duration_s = seconds;
  analysis.transcript.text = text;
  analysis.transcript.words = {{text, 0.5, 1.0, 0.9}};
  analysis.transcript.confidence = 0.9;
  analysis.scores.overall = score;
  analysis.pronunciation.emplace();
  analysis.pronunciation->words = {
      {.text = text, .start_s = 0.5, .end_s = 1.0, .score = score, .verdict = {}, .stress = {}, .phones = {}, .inserted = {}}};
  analysis.pronunciation->ratings.total = score;
  analysis.pronunciation->reasons = {
      {.kind = model::ReasonKind::kWeakWord, .word = 0, .text = text, .phone = {}, .heard = {}, .start_s = 0.5, .end_s = 1.0}};
  analysis.pronunciation->patterns = {{.id = "TH>T",
                                       .chances = 2,
                                       .times = 1,
                                       .words = {text},
                                       .tip_vi = {},
                                       .tip_en = {},
                                       .pairs = {},
                                       .ipa = "θ",
                                       .heard_ipa = {}}};
  analysis.feedback.conversational = "about " + text;
  analysis.times.total_ms = 100;
  return turn;
}

TEST(ConversationSummaryTest, NothingOfNothing) {
  EXPECT_FALSE(SumUp({}));
  const std::vector<model::Turn> unanswered(2);
  EXPECT_FALSE(SumUp(unanswered));
}

TEST(ConversationSummaryTest, OneAnswerIsItself) {
  const std::vector<model::Turn> turns{Answer("three", 4.0, 6.0), {}};
  const auto sum = SumUp(turns);
  EXPECT_EQ(sum->transcript.text, "three");
  EXPECT_DOUBLE_EQ(sum->scores.overall, 6.0);
  EXPECT_DOUBLE_EQ(sum->audio_duration_s, 4.0);
}

TEST(ConversationSummaryTest, AnswersFollowEachOtherAndWeighByTheirLength) {
  const std::vector<model::Turn> turns{Answer("three", 1.0, 4.0), {}, Answer("think", 3.0, 8.0)};
  const auto sum = SumUp(turns);
  ASSERT_TRUE(sum);
  EXPECT_DOUBLE_EQ(sum->audio_duration_s, 4.0);
  EXPECT_EQ(sum->transcript.text, "three think");
  EXPECT_DOUBLE_EQ(sum->transcript.words[1].start_s, 1.5);
  EXPECT_DOUBLE_EQ(sum->transcript.confidence, 0.9);
  EXPECT_DOUBLE_EQ(sum->scores.overall, 7.0);
  EXPECT_DOUBLE_EQ(sum->pronunciation->words[1].start_s, 1.5);
  EXPECT_EQ(sum->pronunciation->reasons[1].word, 1);
  EXPECT_DOUBLE_EQ(sum->pronunciation->ratings.total, 7.0);
  ASSERT_EQ(sum->pronunciation->patterns.size(), 1u);
  EXPECT_EQ(sum->pronunciation->patterns[0].times, 2);
  EXPECT_EQ(sum->pronunciation->patterns[0].words, (std::vector<std::string>{"three", "think"}));
  EXPECT_EQ(sum->feedback.conversational, "about think");
  EXPECT_EQ(sum->times.total_ms, 200);
}

}  // namespace
}  // namespace speechcoach::pipeline
