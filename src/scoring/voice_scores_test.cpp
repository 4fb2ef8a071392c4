#include <gtest/gtest.h>

#include <limits>

#include <rapidcheck/gtest.h>

#include "scoring/confidence_score.h"
#include "scoring/emotion.h"

namespace speechcoach::scoring {
namespace {

model::ProsodyReport Speech() {
  model::ProsodyReport report;
  report.speech_end_s = 4.0;
  for (int i = 0; i < 200; ++i) report.pitch.contour.push_back({0.02 * i, 200.0});
  report.syllables.resize(12);
  report.melody.spread_st = 2.2;
  report.energy.mean = 0.6;
  report.energy.dynamic_range = 0.3;
  report.rhythm.articulation_rate = 3.6;
  report.confidence = {0.8, 0.6, 0.1};
  return report;
}

TEST(Emotion, EachLabelHasItsVoice) {
  EXPECT_EQ(ReadEmotion(Speech()).label, "neutral_polite");

  model::ProsodyReport lively = Speech();
  lively.melody.spread_st = 4.0;
  lively.energy.dynamic_range = 0.5;
  lively.rhythm.articulation_rate = 4.8;
  EXPECT_EQ(ReadEmotion(lively).label, "enthusiastic");

  model::ProsodyReport flat = Speech();
  flat.melody.spread_st = 0.6;
  EXPECT_EQ(ReadEmotion(flat).label, "flat");

  model::ProsodyReport halting = Speech();
  halting.confidence.hesitation_score = 0.8;
  EXPECT_EQ(ReadEmotion(halting).label, "hesitant");
  halting = Speech();
  halting.rhythm.filled_pauses = {{0.5, 0.9}, {1.5, 1.9}};
  EXPECT_EQ(ReadEmotion(halting).label, "hesitant");

  model::ProsodyReport nervous = Speech();
  nervous.confidence = {0.4, 0.5, 0.45};
  EXPECT_EQ(ReadEmotion(nervous).label, "nervous");

  model::ProsodyReport tired = Speech();
  tired.confidence.hesitation_score = 0.4;
  EXPECT_EQ(ReadEmotion(tired).label, "neutral");
}

TEST(Emotion, IsNeverCertainAndSilentAboutTooLittle) {
  for (const double spread_st : {0.0, 1.0, 3.0, 9.0}) {
    model::ProsodyReport report = Speech();
    report.melody.spread_st = spread_st;
    const model::Emotion emotion = ReadEmotion(report);
    EXPECT_GT(emotion.certainty, 0.0);
    EXPECT_LE(emotion.certainty, 0.7);
    EXPECT_EQ(emotion.cues.front().value, spread_st);
  }
  model::ProsodyReport short_report = Speech();
  short_report.pitch.contour.resize(20);
  EXPECT_EQ(ReadEmotion(short_report).certainty, 0.0);
  EXPECT_EQ(ReadEmotion({}).label, "neutral");
  EXPECT_EQ(EmotionScore(ReadEmotion({}), {}), 0.0);
  EXPECT_EQ(ConfidenceScore({}), 0.0);
}

// Each measure made better by itself never lowers the score it speaks for.
RC_GTEST_PROP(VoiceScores, RiseWithWhatTheyMeasure, ()) {
  const auto share = [] { return *rc::gen::inRange(0, 101) / 100.0; };
  model::ProsodyReport worse = Speech();
  worse.confidence = {share(), share(), share()};
  worse.rhythm.articulation_rate = 8.0 * share();
  worse.melody.spread_st = 6.0 * share();
  worse.energy.dynamic_range = share();
  worse.energy.mean = share();
  worse.rhythm.filled_pauses.resize(*rc::gen::inRange<std::size_t>(0, 4));
  model::ProsodyReport better = worse;
  const double step = share();
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
      better.confidence.pitch_stability = std::min(1.0, worse.confidence.pitch_stability + step);
      break;
    case 1:
      better.confidence.energy_consistency = std::min(1.0, worse.confidence.energy_consistency + step);
      break;
    case 2:
      better.confidence.hesitation_score = std::max(0.0, worse.confidence.hesitation_score - step);
      break;
    case 3:
      better.rhythm.articulation_rate += step;
      break;
    case 4:
      better.rhythm.filled_pauses.clear();
      break;
    case 5:
      better.melody.spread_st = *worse.melody.spread_st + step;
      break;
    case 6:
      better.energy.dynamic_range = std::min(1.0, worse.energy.dynamic_range + step);
      break;
    default:
      better.energy.mean = std::min(1.0, worse.energy.mean + step);
      break;
  }
  RC_ASSERT(ConfidenceScore(better) >= ConfidenceScore(worse) - 1e-9);
  const double emotion = EmotionScore(ReadEmotion(better), better);
  RC_ASSERT(emotion >= EmotionScore(ReadEmotion(worse), worse) - 1e-9);
  RC_ASSERT(emotion >= 0.0 && emotion <= 10.0 && ConfidenceScore(better) >= 0.0 && ConfidenceScore(better) <= 10.0);
}

TEST(VoiceScores, AreNumbersWhateverTheReportHolds) {
  model::ProsodyReport report = Speech();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  report.confidence = {nan, nan, nan};
  report.melody.spread_st = nan;
  report.energy.mean = nan;
  report.rhythm.articulation_rate = nan;
  EXPECT_GE(ConfidenceScore(report), 0.0);
  EXPECT_GE(EmotionScore(ReadEmotion(report), report), 0.0);
}

}  // namespace
}  // namespace speechcoach::scoring
