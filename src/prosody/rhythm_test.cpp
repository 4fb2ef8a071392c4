#include "prosody/rhythm.h"

#include <gtest/gtest.h>

#include <utility>

#include <rapidcheck/gtest.h>

#include "prosody/prosody_extractor.h"
#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

model::ProsodyReport Extract(const Samples& samples) {
  SoundProsodyExtractor extractor;
  return extractor.Extract({samples, false}).value();
}

// Syllables 0.2 s apart whose vocalic parts last `lengths_s` in turn.
model::ProsodyReport Speech(const std::vector<double>& lengths_s) {
  model::ProsodyReport report;
  for (std::size_t i = 0; i < lengths_s.size(); ++i) {
    const double start_s = 0.2 * static_cast<double>(i);
    report.syllables.push_back({start_s + lengths_s[i] / 2.0, start_s, start_s + lengths_s[i]});
  }
  report.speech_end_s = 0.2 * static_cast<double>(lengths_s.size());
  return report;
}

TEST(Rhythm, RatesLeaveOutWhatIsNoSpeech) {
  model::ProsodyReport report = Speech(std::vector<double>(20, 0.1));  // four seconds
  MeasureRhythm(report);
  EXPECT_NEAR(report.rhythm.articulation_rate, 5.0, 1e-9);
  EXPECT_NEAR(report.rhythm.phonation_ratio, 1.0, 1e-9);
  EXPECT_NEAR(report.rhythm.mean_run_syllables, 20.0, 1e-9);
  EXPECT_NEAR(report.rhythm.percent_v.value(), 50.0, 1e-9);
  EXPECT_NEAR(report.rhythm.npvi_v.value(), 0.0, 1e-9);

  report.pauses.positions = {{1.0, 2.0}};  // five syllables lie in it and are none
  report.rhythm.filled_pauses = {{3.0, 3.4}};
  MeasureRhythm(report);
  EXPECT_NEAR(report.rhythm.phonation_ratio, 0.75, 1e-9);
  EXPECT_NEAR(report.rhythm.articulation_rate, 13.0 / 2.6, 0.4);
  EXPECT_NEAR(report.rhythm.mean_run_syllables, 13.0 / 3.0, 0.4);
  EXPECT_EQ(report.rhythm.filled_pauses.size(), 1U);
}

TEST(Rhythm, VariabilityTellsStressTimedFromEven) {
  model::ProsodyReport even = Speech(std::vector<double>(10, 0.1));
  model::ProsodyReport uneven = Speech({0.15, 0.05, 0.15, 0.05, 0.15, 0.05, 0.15, 0.05});
  MeasureRhythm(even);
  MeasureRhythm(uneven);
  EXPECT_NEAR(uneven.rhythm.npvi_v.value(), 100.0, 1e-6);
  EXPECT_LT(even.rhythm.npvi_v.value(), 1e-6);
}

TEST(Rhythm, TooFewSyllablesHaveNoIndex) {
  model::ProsodyReport report = Speech({0.1, 0.1});
  MeasureRhythm(report);
  EXPECT_FALSE(report.rhythm.npvi_v || report.rhythm.percent_v);
  EXPECT_GT(report.rhythm.articulation_rate, 0.0);
  report = {};
  MeasureRhythm(report);
  EXPECT_EQ(report.rhythm.articulation_rate, 0.0);
}

TEST(Rhythm, OfSoundWithAndWithoutPauses) {
  const Samples phrase = SyllableTrain(6, 4.0, 140.0, 0.3);
  const model::Rhythm flowing = Extract(Silence(0.3) + phrase + phrase + Silence(0.3)).rhythm;
  const model::Rhythm halting = Extract(Silence(0.3) + phrase + Silence(0.8) + phrase + Silence(0.3)).rhythm;
  EXPECT_NEAR(flowing.articulation_rate, 4.0, 0.4);
  EXPECT_NEAR(halting.articulation_rate, 4.0, 0.5);
  EXPECT_NEAR(flowing.mean_run_syllables, 12.0, 1.0);
  EXPECT_NEAR(halting.mean_run_syllables, 6.0, 1.0);
  EXPECT_GT(flowing.phonation_ratio, 0.95);
  EXPECT_NEAR(halting.phonation_ratio, 3.0 / 3.8, 0.06);
}

TEST(Rhythm, VowelsOfAnAlignmentTakeTheSyllablesPlace) {
  model::ProsodyReport report = Extract(Silence(0.3) + SyllableTrain(6, 4.0, 140.0, 0.3) + Silence(0.3));
  const std::vector<VowelInterval> vowels{{0.35, 0.5}, {0.6, 0.75}, {0.85, 1.0}, {1.1, 1.2},
                                          {1.3, 1.5},  {1.55, 1.6}, {1.65, 1.75}};
  AddVowels(report, vowels);
  ASSERT_EQ(report.syllables.size(), vowels.size());
  EXPECT_NEAR(report.speaking_rate.syllables_per_second, 7.0 / (report.speech_end_s - report.speech_start_s), 1e-9);
  EXPECT_GT(report.syllables.front().f0_hz, 100.0);
  const model::ProsodyReport before = report;
  AddVowels(report, {});
  EXPECT_EQ(report.syllables.size(), before.syllables.size());
}

RC_GTEST_PROP(Rhythm, StaysInItsRanges, (const std::vector<std::pair<unsigned char, unsigned char>>& parts)) {
  model::ProsodyReport report;
  double at_s = 0.0;
  for (const auto& [gap, length] : parts) {
    const double start_s = at_s + gap / 200.0;
    const double end_s = start_s + length / 400.0;
    report.syllables.push_back({(start_s + end_s) / 2.0, start_s, end_s});
    if (gap > 60) report.pauses.positions.push_back({at_s, start_s});
    at_s = end_s;
  }
  report.speech_end_s = at_s;
  MeasureRhythm(report);
  RC_ASSERT(report.rhythm.npvi_v.value_or(0.0) >= 0.0 && report.rhythm.npvi_v.value_or(0.0) <= 200.0);
  RC_ASSERT(report.rhythm.percent_v.value_or(0.0) >= 0.0 && report.rhythm.percent_v.value_or(0.0) <= 100.0);
  RC_ASSERT(report.rhythm.phonation_ratio >= 0.0 && report.rhythm.phonation_ratio <= 1.0);
}

}  // namespace
}  // namespace speechcoach::prosody
