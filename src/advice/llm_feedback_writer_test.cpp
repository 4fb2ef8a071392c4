#include "advice/llm_feedback_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "advice/test_chat.h"
#include "advice/test_corpus.h"

namespace speechcoach::advice {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Exchange Honest(std::string_view name) {
  for (Exchange& exchange : Corpus("honest.json", "name")) {
    if (exchange.name.starts_with(name)) return exchange;
  }
  return {};
}

TEST(LlmFeedbackWriterTest, WordsThePointsAndLeavesTheRestToTheRules) {
  Exchange exchange = Honest("score by name");
  exchange.evidence.session_id = "session";
  ScriptedProvider provider({exchange.answer});
  const auto feedback = LlmFeedbackWriter(provider).Write(exchange.evidence, exchange.report);
  ASSERT_TRUE(feedback.ok()) << feedback.error().message;
  EXPECT_THAT(feedback->conversational, Not(HasSubstr("{")));
  EXPECT_THAT(feedback->conversational, HasSubstr("/10"));
  EXPECT_EQ(feedback->source.provider, "scripted");
  const model::Feedback by_rules = scoring::RuleFeedbackWriter().Write(exchange.evidence, exchange.report).value();
  EXPECT_EQ(feedback->detailed.prosody_notes, by_rules.detailed.prosody_notes);
  EXPECT_EQ(feedback->detailed.emotion_detected, by_rules.detailed.emotion_detected);
  const scoring::FactSheet facts = scoring::Facts(exchange.evidence, exchange.report);
  EXPECT_THAT(feedback->conversational, StartsWith(facts.opening));
  EXPECT_EQ(feedback->detailed.strengths.size() + feedback->detailed.improvements.size(), facts.points.size());
  EXPECT_EQ(static_cast<std::size_t>(provider.calls()), facts.points.size());
  EXPECT_EQ(provider.request().session_id, "session");
  EXPECT_THAT(provider.request().messages.at(0).content, HasSubstr("Vietnamese"));
}

TEST(LlmFeedbackWriterTest, AFaultyAnswerIsRepaired) {
  const Exchange exchange = Honest("plain praise");
  std::string english = exchange.answer;
  english.replace(english.find("Bạn đọc rõ"), std::string_view("Bạn đọc rõ").size(), "Your pronunciation was clear, Bạn");
  ScriptedProvider provider({english, exchange.answer});
  EXPECT_TRUE(LlmFeedbackWriter(provider).Write(exchange.evidence, exchange.report).ok());
  EXPECT_EQ(static_cast<std::size_t>(provider.calls()), 2 * scoring::Facts(exchange.evidence, exchange.report).points.size());
  EXPECT_THAT(provider.faults().front(), HasSubstr("Vietnamese"));
}

TEST(LlmFeedbackWriterTest, NoAttackReachesALearner) {
  for (const Exchange& attack : Corpus("attacks.json", "kind")) {
    ScriptedProvider provider({attack.answer, attack.answer});
    const auto feedback = LlmFeedbackWriter(provider).Write(attack.evidence, attack.report);
    ASSERT_FALSE(feedback.ok()) << attack.name;
    EXPECT_EQ(feedback.error().code, base::ErrorCode::kFeedbackDegraded);
  }
}

// Shown as it comes in: only sentences that pass, and after one that does not, nothing more of that answer.
TEST(LlmFeedbackWriterTest, StreamsCheckedSentences) {
  const Exchange exchange = Honest("score by name");
  ScriptedProvider provider({exchange.answer});
  std::string shown;
  const auto feedback = LlmFeedbackWriter(provider).Write(
      exchange.evidence, exchange.report,
      {.on_sentence = [&](std::string_view sentence) { shown += sentence; }, .on_start_over = [&] { shown.clear(); }});
  ASSERT_TRUE(feedback.ok());
  EXPECT_GT(shown.size(), 40u);
  EXPECT_THAT(feedback->conversational, StartsWith(shown));
}

TEST(LlmFeedbackWriterTest, NothingOfABadSentenceIsStreamed) {
  for (const Exchange& attack : Corpus("attacks.json", "kind")) {
    ScriptedProvider provider({attack.answer});
    std::string shown;
    const scoring::FeedbackWish stream{.on_sentence = [&](std::string_view sentence) { shown += sentence; },
                                       .on_start_over = [&] { shown.clear(); }};
    EXPECT_FALSE(LlmFeedbackWriter(provider).Write(attack.evidence, attack.report, stream).ok());
    EXPECT_TRUE(shown.empty() || shown.starts_with(scoring::Facts(attack.evidence, attack.report).opening)) << attack.name << "\n"
                                                                                                            << shown;
    for (const char* bad : {"10/10", "http", "elephant", "ngu", "prompt", "perfect", "stupid", "mười"})
      EXPECT_THAT(shown, Not(HasSubstr(bad)));
  }
}

}  // namespace
}  // namespace speechcoach::advice
