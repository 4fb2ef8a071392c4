#include "json/model_json.h"

#include <limits>

#include <gtest/gtest.h>

namespace speechcoach::json {
namespace {

model::Analysis FullAnalysis() {
  model::Analysis analysis;
  analysis.audio_duration_s = 3.25;
  analysis.audio_truncated = true;
  analysis.transcript = {"Hello there.", {{"Hello", 0.1, 0.4, 0.9}, {"there.", 0.5, 0.9, 0.8}}, 0.85, "tiny.en", true};
  analysis.prosody.pitch = {180.5, 25.25, 120.0, {{0.01, 0.0}, {0.02, 181.0}}};
  analysis.prosody.energy.mean = 0.65;
  analysis.prosody.energy.dynamic_range = 0.4;
  analysis.prosody.speaking_rate = {4.25, 140.0};
  analysis.prosody.pauses = {0.5, {{1.0, 1.5, model::PausePlace::kWithinPhrase}}};
  analysis.prosody.rhythm = {4.5, 0.75, 6.5, 1.5, 48.5, 52.25, {{2.0, 2.5}}};
  analysis.prosody.melody = {2.5, 0.5, -1.5, {{0.25, 3.0, 0, 1, model::FinalTone::kRise, 3.5, -2.0}, {0.0, 0.5}}};
  analysis.prosody.syllables = {{0.25, 0.125, 0.5, 181.0, -20.5, 500.0, 1500.0}, {0.75, 0.5, 1.0, 0.0, -30.0}};
  analysis.prosody.words = {{1.25, true, true}, {-1.25, false, false}};
  analysis.prosody.confidence = {0.85, 0.75, 0.25};
  analysis.prosody.jitter_local = 0.0125;
  analysis.prosody.speech_end_s = 3.0;
  analysis.miscues = {{model::MiscueKind::kReplaced, "their", "there"}, {model::MiscueKind::kOmitted, "is", ""}};
  model::PhoneResult phone{"TH", "θ", 0.125, 0.25, 3.5, model::PhoneVerdict::kSubstituted, "T", "t", 0.75};
  model::WordResult word{"there", 0.125, 0.5, 6.25, model::WordVerdict::kMispronounced, model::WordStress{0, 1, model::StressVerdict::kMisplaced}, {phone}, {"AH"}};
  analysis.pronunciation = model::PronunciationReport{
      {word, {"is", 0.5, 0.75, 10.0, model::WordVerdict::kOk, std::nullopt, {}, {}}},
      {{model::MiscueKind::kRepeated, "is", "is"}},
      {7.5, 8.25, 6.5, 7.0},
      0.875,
      {{model::ScoreAspect::kFluency, model::ReasonKind::kLongPause, 0, "there", "", "", 1.0, 1.5, 0.5}},
      {{"TH>T", 2, 1, {"there"}, "Đặt lưỡi", "Put your tongue", {"three/tree"}}}};
  analysis.scores = {8.5, 9.0, 7.5, 8.0, 7.0, 9.25};
  analysis.feedback = {"Tốt lắm!", {{"Rõ ràng"}, {"Chậm lại"}, "neutral", "moderate", "Giọng đều"},
                       {"openai", model::Scores{8.0, 9.0, 7.0, 8.0, 7.0, 9.0}, {"fluent/said/1"}}};
  analysis.llm_provider = "openai";
  analysis.degraded_mode = true;
  analysis.failures = {{model::Stage::kTranscribing, {base::ErrorCode::kSttFailed, "out of memory"}}};
  analysis.times = {1, 2, 3, 4, 5, 15};
  return analysis;
}

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
