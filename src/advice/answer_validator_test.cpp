#include "advice/answer_validator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "advice/prompt.h"
#include "advice/test_corpus.h"
#include "scoring/feedback_writer.h"
#include "scoring/random_recordings.h"

namespace speechcoach::advice {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

AnswerValidator ValidatorFor(const scoring::Evidence& evidence, const scoring::ScoreReport& report) {
  return {evidence, report, scoring::Facts(evidence, report), SystemPrompt(evidence.locale)};
}

TEST(AnswerValidatorTest, StopsEveryAnswerThatObeysAnAttack) {
  const auto attacks = Corpus("attacks.json", "kind");
  ASSERT_GE(attacks.size(), 60u);
  for (const Exchange& attack : attacks) {
    EXPECT_NE(ValidatorFor(attack.evidence, attack.report).FaultOf(attack.answer), "") << attack.name << "\n" << attack.answer;
  }
}

TEST(AnswerValidatorTest, PassesEveryHonestAnswer) {
  const auto honest = Corpus("honest.json", "name");
  ASSERT_GE(honest.size(), 20u);
  for (const Exchange& exchange : honest) {
    EXPECT_EQ(ValidatorFor(exchange.evidence, exchange.report).FaultOf(exchange.answer), "") << exchange.name << "\n"
                                                                                             << exchange.answer;
  }
}

// The rules' own feedback is as honest as can be, in both languages: not one sentence may be refused.
TEST(AnswerValidatorTest, PassesWhatTheRulesWrite) {
  scoring::RandomRecordings recordings(42);
  for (int i = 0; i < 2'000; ++i) {
    const scoring::Evidence evidence = recordings.Next();
    const scoring::ScoreReport report = scoring::ComputeScores(evidence);
    const AnswerValidator validator = ValidatorFor(evidence, report);
    const model::Feedback feedback = scoring::RuleFeedbackWriter().Write(evidence, report).value();
    std::vector<std::string> texts{feedback.conversational, feedback.detailed.prosody_notes};
    texts.insert(texts.end(), feedback.detailed.strengths.begin(), feedback.detailed.strengths.end());
    texts.insert(texts.end(), feedback.detailed.improvements.begin(), feedback.detailed.improvements.end());
    for (const std::string& text : texts) EXPECT_EQ(validator.FaultOfText(text), "") << text;
  }
}

class Spoken : public testing::Test {
 protected:
  std::string FaultOf(const std::string& text) { return ValidatorFor(evidence_, report_).FaultOfText(text); }

  scoring::Evidence evidence_ = [] {
    scoring::Speaker speaker;
    speaker.reference = "She reads three books every week.";
    speaker.heard = "She reads tree books every week.";
    return scoring::EvidenceOf(speaker);
  }();
  scoring::ScoreReport report_ = scoring::ComputeScores(evidence_);
};

TEST_F(Spoken, AFiguresNameMayOnlyStandForWhatItMeasures) {
  report_.scores.fluency = 7.7;
  report_.scores.pronunciation = 6.1;
  EXPECT_THAT(FaultOf("Độ trôi chảy của bạn đạt {scores.fluency}/10."), IsEmpty());
  EXPECT_THAT(FaultOf("Độ trôi chảy của bạn đạt 7,7/10."), IsEmpty());
  EXPECT_THAT(FaultOf("Độ trôi chảy của bạn đạt {scores.pronunciation}/10."), HasSubstr("score"));
  EXPECT_THAT(FaultOf("Độ trôi chảy của bạn đạt 7,8/10."), HasSubstr("figure"));
  EXPECT_THAT(FaultOf("Độ trôi chảy của bạn đạt hai trên mười."), HasSubstr("figure"));
}

TEST_F(Spoken, QuotesOfEveryKindAreChecked) {
  for (const char* marks : {"“%”", "\"%\"", "‘%’", "«%»"}) {
    const auto quote = [&](const std::string& word) {
      std::string text = marks;
      return "Bạn đọc lại từ " + text.replace(text.find('%'), 1, word) + " giúp mình nhé.";
    };
    EXPECT_EQ(FaultOf(quote("three")), "") << marks;
    EXPECT_EQ(FaultOf(quote("tree books")), "") << marks;
    EXPECT_NE(FaultOf(quote("four")), "") << marks;
    EXPECT_NE(FaultOf(quote("books three")), "") << marks << ": not in this order";
  }
}

TEST_F(Spoken, PraiseAndBlameKeepToTheScores) {
  report_.scores.pronunciation = 3.0;
  report_.scores.fluency = 9.0;
  EXPECT_THAT(FaultOf("Phát âm của bạn rất tốt đấy."), HasSubstr("praise"));
  EXPECT_THAT(FaultOf("Độ trôi chảy của bạn rất kém."), HasSubstr("blame"));
  EXPECT_THAT(FaultOf("Độ trôi chảy của bạn rất tốt."), IsEmpty());
}

TEST(FillFiguresTest, PutsValuesInAndLeavesTheRest) {
  scoring::FactSheet facts;
  facts.figures = {{"scores.fluency", "7,7"}};
  EXPECT_EQ(FillFigures("{scores.fluency}/10 {x} {", facts), "7,7/10 {x} {");
  EXPECT_EQ(FillFigures("", facts), "");
}

TEST(ParseAnswerTest, TakesTheFormAndNothingElse) {
  const std::string answer = Corpus("honest.json", "name").front().answer;
  EXPECT_TRUE(ParseAnswer(answer).ok());
  EXPECT_TRUE(ParseAnswer("```json\n" + answer + "\n```").ok());
  EXPECT_FALSE(ParseAnswer(answer + answer).ok());
  EXPECT_FALSE(ParseAnswer("[" + answer + "]").ok());
  EXPECT_FALSE(ParseAnswer(answer.substr(0, answer.size() - 1)).ok());
  EXPECT_FALSE(ParseAnswer(std::string(10'000'000, ' ') + answer).ok());
  EXPECT_FALSE(ParseAnswer(std::string(10'000, '[')).ok());
  EXPECT_FALSE(ParseAnswer("```").ok());
}

}  // namespace
}  // namespace speechcoach::advice
