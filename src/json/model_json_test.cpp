#include "json/model_json.h"

#include <limits>

#include <gtest/gtest.h>

#include "json/test_analysis.h"

namespace speechcoach::json {
namespace {

TEST(ModelJsonTest, AnalysisSurvivesTheRoundTrip) {
  const auto json = ToJson(FullAnalysis());
  const auto text = boost::json::serialize(json);
  const auto back = AnalysisFromJson(boost::json::parse(text));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(boost::json::serialize(ToJson(*back)), text);
}

TEST(ModelJsonTest, ReadsAnalysesFromBeforePronunciationWasMeasured) {
  auto json = ToJson(FullAnalysis());
  json.erase("pronunciation");
  const auto back = AnalysisFromJson(json);
  ASSERT_TRUE(back.ok());
  EXPECT_FALSE(back->pronunciation.has_value());
}

TEST(ModelJsonTest, ReadsAnalysesFromBeforeFeedbackHadASource) {
  auto json = ToJson(FullAnalysis());
  json.erase("llm_scores");
  json.erase("feedback_phrases");
  const auto back = AnalysisFromJson(json);
  ASSERT_TRUE(back.ok());
  EXPECT_FALSE(back->feedback.source.llm_scores.has_value());
  EXPECT_TRUE(back->feedback.source.phrases.empty());
}

TEST(ModelJsonTest, SpellsTheDesignsKeys) {
  const auto json = ToJson(FullAnalysis().prosody);
  EXPECT_EQ(json.at("pitch").at("contour").at(1).at(1).to_number<double>(), 181.0);
  EXPECT_EQ(json.at("pauses").at("count").to_number<int>(), 1);
  EXPECT_EQ(json.at("speaking_rate").at("words_per_minute").to_number<double>(), 140.0);
  EXPECT_TRUE(json.at("shimmer").is_null());
  EXPECT_EQ(json.at("confidence").at("hesitation_score").to_number<double>(), 0.25);
}

TEST(ModelJsonTest, ReadsReportsOfBeforeThereWasRhythm) {
  auto json = ToJson(FullAnalysis());
  auto& prosody = json.at("prosody_features").as_object();
  for (const auto* key : {"rhythm", "melody", "syllables", "words"}) prosody.erase(key);
  prosody.at("pauses").at("positions").at(0).as_object().erase("place");
  const auto back = AnalysisFromJson(json);
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back->prosody.pauses.positions.at(0).place, model::PausePlace::kUnknown);
  EXPECT_TRUE(back->prosody.syllables.empty());
  EXPECT_EQ(back->prosody.pitch.mean_hz, 180.5);
}

TEST(ModelJsonTest, NeverWritesWhatJsonCannotHold) {
  model::Scores scores;
  scores.overall = std::numeric_limits<double>::quiet_NaN();
  scores.fluency = std::numeric_limits<double>::infinity();
  const auto text = boost::json::serialize(ToJson(scores));
  EXPECT_EQ(boost::json::parse(text).at("overall").to_number<double>(), 0.0);
}

TEST(ModelJsonTest, DamagedAnalysisIsAnErrorNotACrash) {
  EXPECT_FALSE(AnalysisFromJson(boost::json::parse("{}")).ok());
  EXPECT_FALSE(AnalysisFromJson(boost::json::parse("[1,2]")).ok());
  auto json = ToJson(FullAnalysis());
  json["miscues"] = boost::json::array{boost::json::object{{"kind", "sung"}, {"expected", ""}, {"heard", ""}}};
  EXPECT_FALSE(AnalysisFromJson(json).ok());
}

TEST(ModelJsonTest, SessionShowsCodesButNotOperatorsMessages) {
  model::Session session;
  session.id = "id";
  session.audio_key = "a/b";
  session.analysis = FullAnalysis();
  session.error = base::Error{base::ErrorCode::kNoSpeech, "operator detail"};
  const auto text = boost::json::serialize(ToJson(session));
  EXPECT_EQ(text.find("operator detail"), std::string::npos);
  EXPECT_EQ(text.find("out of memory"), std::string::npos);
  EXPECT_NE(text.find("no_speech"), std::string::npos);
}

TEST(ModelJsonTest, SessionWithoutAnalysisHasTheSameKeys) {
  model::Session empty;
  model::Session full;
  full.analysis = FullAnalysis();
  const auto a = ToJson(empty);
  const auto b = ToJson(full);
  ASSERT_EQ(a.size(), b.size());
  for (const auto& item : b) EXPECT_TRUE(a.contains(item.key())) << item.key();
}

}  // namespace
}  // namespace speechcoach::json
