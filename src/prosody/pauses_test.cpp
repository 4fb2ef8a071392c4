#include "prosody/pauses.h"

#include <gtest/gtest.h>

#include <cmath>

#include "prosody/sample_time.h"
#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

Samples Speech(double seconds) { return Vowel(150.0, seconds, 0.3); }

std::vector<SoundingInterval> Sounding(const Samples& samples) {
  return FindSounding(SoundToIntensity(samples, {.time_step_s = 0.01}), DurationOf(samples.size()), {});
}

TEST(Pauses, LieWhereTheSpeechHalts) {
  const Samples sound = Silence(0.3) + Speech(1.0) + Silence(0.5) + Speech(0.8) + Silence(0.3) + Speech(0.6) + Silence(0.7);
  const std::vector<SoundingInterval> sounding = Sounding(sound);
  ASSERT_EQ(sounding.size(), 3U);
  EXPECT_NEAR(sounding.front().start_s, 0.3, 0.03);
  EXPECT_NEAR(sounding.back().end_s, 3.5, 0.03);
  const model::Pauses pauses = FindPauses(sounding);
  ASSERT_EQ(pauses.positions.size(), 2U);
  EXPECT_NEAR(pauses.positions[0].start_s, 1.3, 0.03);
  EXPECT_NEAR(pauses.positions[0].end_s, 1.8, 0.03);
  EXPECT_NEAR(pauses.positions[1].start_s, 2.6, 0.03);
  EXPECT_NEAR(pauses.positions[1].end_s, 2.9, 0.03);
  EXPECT_NEAR(pauses.avg_duration_s, 0.4, 0.06);
}

TEST(Pauses, ShortGapsAreNone) { EXPECT_TRUE(FindPauses(Sounding(Speech(0.5) + Silence(0.15) + Speech(0.5))).positions.empty()); }

TEST(Pauses, ClicksAreNoSpeech) {
  const std::vector<SoundingInterval> sounding = Sounding(Silence(0.5) + Speech(0.01) + Silence(0.6) + Speech(1.0));
  ASSERT_EQ(sounding.size(), 1U);
  EXPECT_NEAR(sounding[0].start_s, 1.11, 0.03);
}

TEST(Pauses, AreFoundAboveSteadyNoise) {
  const Samples speech = Speech(1.0) + Silence(0.5) + Speech(1.0) + Silence(0.5);
  for (const double noise : {0.001, 0.01, 0.03}) {
    const model::Pauses pauses = FindPauses(Sounding(Mix(speech, Noise(3.0, noise))));
    ASSERT_EQ(pauses.positions.size(), 1U) << noise;
    EXPECT_NEAR(pauses.positions[0].start_s, 1.0, 0.05);
    EXPECT_NEAR(pauses.positions[0].end_s, 1.5, 0.05);
  }
}

TEST(Pauses, DoNotDependOnTheLevel) {
  const Samples sound = Speech(1.0) + Silence(0.4) + Speech(0.5);
  EXPECT_EQ(FindPauses(Sounding(Scaled(sound, 0.02))).positions.size(), 1U);
  EXPECT_EQ(FindPauses(Sounding(Scaled(sound, 3.0))).positions.size(), 1U);
}

TEST(Pauses, UnbrokenSpeechFillsTheRecording) {
  const std::vector<SoundingInterval> sounding = Sounding(Speech(1.0));
  ASSERT_EQ(sounding.size(), 1U);
  EXPECT_DOUBLE_EQ(sounding[0].start_s, 0.0);
  EXPECT_DOUBLE_EQ(sounding[0].end_s, 1.0);
}

TEST(Pauses, SilenceHoldsNoSpeech) {
  EXPECT_TRUE(Sounding(Silence(1.0)).empty());
  EXPECT_TRUE(Sounding(Noise(1.0, 0.0005)).empty());
  EXPECT_TRUE(Sounding(Samples{}).empty());
}

}  // namespace
}  // namespace speechcoach::prosody
