#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include <rapidcheck/gtest.h>

#include "scoring/confidence_score.h"
#include "scoring/emotion.h"
#include "scoring/prosody_notes.h"

namespace speechcoach::scoring {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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
    const Emotion emotion = ReadEmotion(report);
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

model::Transcript Said(const std::vector<std::string>& words) {
  model::Transcript transcript;
  for (std::size_t i = 0; i < words.size(); ++i) {
    transcript.words.push_back({words[i], 0.5 * static_cast<double>(i), 0.5 * static_cast<double>(i) + 0.45, 0.9});
    transcript.text += (i == 0 ? "" : " ") + words[i];
  }
  return transcript;
}

model::ProsodyReport Ending(double movement_st, std::size_t words) {
  model::ProsodyReport report = Speech();
  report.words.resize(words);
  report.words.back().expected = true;
  model::Phrase phrase;
  phrase.first_word = 0;
  phrase.last_word = words - 1;
  phrase.final_movement_st = movement_st;
  report.melody.phrases = {phrase};
  return report;
}

TEST(ProsodyNotes, SayWhichWordToLiftInAQuestion) {
  const model::Transcript question = Said({"Are", "you", "free", "today?"});
  EXPECT_THAT(ProsodyNotes(Ending(-4.0, 4), question, model::Locale::kVi),
              ElementsAre("Giọng bạn đi xuống ở cuối câu hỏi; hãy lên giọng ở từ “today”."));
  EXPECT_THAT(ProsodyNotes(Ending(4.0, 4), question, model::Locale::kVi), IsEmpty());
}

TEST(ProsodyNotes, SayWhichWordToLowerInAStatement) {
  const model::Transcript statement = Said({"I", "am", "free", "today."});
  EXPECT_THAT(ProsodyNotes(Ending(4.0, 4), statement, model::Locale::kVi), ElementsAre(HasSubstr("hạ giọng ở từ “today”")));
  EXPECT_THAT(ProsodyNotes(Ending(-4.0, 4), statement, model::Locale::kEn), IsEmpty());
  EXPECT_THAT(ProsodyNotes(Ending(4.0, 4), Said({"Where", "are", "you", "going?"}), model::Locale::kEn),
              ElementsAre(HasSubstr("fall on “going”")));
}

TEST(ProsodyNotes, NameTheWordsRoundAPauseInsideAPhrase) {
  model::ProsodyReport report = Speech();
  report.pauses.positions = {{0.95, 1.6, model::PausePlace::kWithinPhrase}};
  model::Transcript transcript = Said({"in", "the", "market", "today."});
  for (std::size_t i = 2; i < 4; ++i) {
    transcript.words[i].start_s += 0.6;
    transcript.words[i].end_s += 0.6;
  }
  EXPECT_THAT(ProsodyNotes(report, transcript, model::Locale::kVi), ElementsAre(HasSubstr("giữa “the” và “market”")));
  report.pauses.positions[0].place = model::PausePlace::kBoundary;
  EXPECT_THAT(ProsodyNotes(report, transcript, model::Locale::kVi), IsEmpty());
}

TEST(ProsodyNotes, SayWhatToStressAndWhatToSayLightly) {
  model::ProsodyReport report = Speech();
  report.words = {{-0.2, false, false}, {1.6, true, false}, {-1.1, false, true}, {0.1, false, true}};
  EXPECT_THAT(ProsodyNotes(report, Said({"go", "to", "market", "today"}), model::Locale::kVi),
              ElementsAre("Hãy nhấn vào “market” (đọc cao hơn, dài hơn một chút) và đọc lướt “to”."));
}

TEST(ProsodyNotes, CountFillersAndKeepToTheMost) {
  model::ProsodyReport report = Ending(-4.0, 4);
  report.rhythm.filled_pauses = {{0.5, 0.9}, {1.5, 1.9}, {2.5, 2.9}};
  const model::Transcript question = Said({"Are", "you", "free", "today?"});
  EXPECT_THAT(ProsodyNotes(report, question, model::Locale::kVi),
              ElementsAre(HasSubstr("cuối câu hỏi"), HasSubstr("ậm ừ 3 lần")));
  EXPECT_EQ(ProsodyNotes(report, question, model::Locale::kVi, 1).size(), 1U);
  EXPECT_THAT(ProsodyNotes(report, {}, model::Locale::kVi), IsEmpty());
}

}  // namespace
}  // namespace speechcoach::scoring
