#include "prosody/confidence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "prosody/energy.h"
#include "prosody/statistics.h"

namespace speechcoach::prosody {
namespace {

PitchTrack Track(const std::vector<double>& f0_hz) {
  PitchTrack track;
  track.grid = {0.02, 0.01, f0_hz.size()};
  for (const double hz : f0_hz) track.frames.push_back({hz, 0.9});
  return track;
}

PitchTrack Trembling(double semitones) {
  std::mt19937 random(3);
  std::vector<double> f0_hz;
  for (int i = 0; i < 200; ++i) {
    const double scatter = 2.0 * static_cast<double>(random()) / static_cast<double>(random.max()) - 1.0;
    f0_hz.push_back(150.0 * std::exp2(semitones * scatter / 12.0));
  }
  return Track(f0_hz);
}

model::Pauses PausesOf(int count, double each_s) {
  model::Pauses pauses;
  pauses.avg_duration_s = count > 0 ? each_s : 0.0;
  for (int i = 0; i < count; ++i) pauses.positions.push_back({2.0 * i + 1.0, 2.0 * i + 1.0 + each_s});
  return pauses;
}

TEST(PitchStability, ASteadyGlideIsStableHoweverSteep) {
  std::vector<double> glide;
  for (int i = 0; i < 100; ++i) glide.push_back(100.0 * std::exp2(i / 50.0));
  EXPECT_NEAR(PitchStability(Track(glide)), 1.0, 1e-6);
}

TEST(PitchStability, FallsAsTheVoiceTrembles) {
  EXPECT_GT(PitchStability(Trembling(0.05)), 0.9);
  EXPECT_LT(PitchStability(Trembling(3.0)), 0.2);
  double last = 1.0;
  for (const double semitones : {0.1, 0.3, 1.0, 3.0}) {
    EXPECT_LT(PitchStability(Trembling(semitones)), last);
    last = PitchStability(Trembling(semitones));
  }
}

TEST(PitchStability, ABreakInTheVoiceIsNoInstability) {
  EXPECT_NEAR(PitchStability(Track({100, 100, 100, 0, 200, 200, 200})), 1.0, 1e-9);
  EXPECT_DOUBLE_EQ(PitchStability(Track({0, 0, 0, 0})), 0.0);
  EXPECT_DOUBLE_EQ(PitchStability(Track({100, 0, 100, 100})), 0.0);
  EXPECT_DOUBLE_EQ(PitchStability(PitchTrack{}), 0.0);
}

TEST(EnergyConsistency, FallsWithTheScatterOfTheSyllables) {
  EXPECT_DOUBLE_EQ(EnergyConsistency({-20, -20, -20}), 1.0);
  EXPECT_DOUBLE_EQ(EnergyConsistency({-20}), 1.0);
  EXPECT_DOUBLE_EQ(EnergyConsistency({}), 0.0);
  EXPECT_GT(EnergyConsistency({-20, -22, -20, -21}), 0.8);
  EXPECT_LT(EnergyConsistency({-15, -25, -35, -45}), 0.4);
}

TEST(HesitationScore, IsZeroForFlowAndNearOneForHalting) {
  EXPECT_DOUBLE_EQ(HesitationScore(PausesOf(0, 0.0), 5.0, 20), 0.0);
  EXPECT_DOUBLE_EQ(HesitationScore(PausesOf(0, 0.0), 0.0, 0), 0.0);
  EXPECT_GT(HesitationScore(PausesOf(6, 1.0), 10.0, 12), 0.9);
}

TEST(HesitationScore, RisesWithTheNumberAndTheLengthOfPauses) {
  double last = 0.0;
  for (const int count : {1, 2, 4, 8}) {
    const double score = HesitationScore(PausesOf(count, 0.5), 20.0, 40);
    EXPECT_GT(score, last);
    EXPECT_LE(score, 1.0);
    last = score;
  }
  EXPECT_GT(HesitationScore(PausesOf(2, 1.5), 20.0, 40), HesitationScore(PausesOf(2, 0.3), 20.0, 40));
}

TEST(LevelsToEnergy, MapsSixtyDecibelsToOne) {
  EXPECT_DOUBLE_EQ(LevelsToEnergy({}).mean, 0.0);
  EXPECT_DOUBLE_EQ(LevelsToEnergy({-30, -30}).mean, 0.5);
  EXPECT_DOUBLE_EQ(LevelsToEnergy({-30, -30}).dynamic_range, 0.0);
  EXPECT_DOUBLE_EQ(LevelsToEnergy({-90}).mean, 0.0);
  EXPECT_DOUBLE_EQ(LevelsToEnergy({10}).mean, 1.0);
  std::vector<double> levels;
  for (int i = 0; i <= 100; ++i) levels.push_back(-60.0 + 0.3 * i);
  EXPECT_NEAR(LevelsToEnergy(levels).dynamic_range, 0.45, 1e-9);
}

TEST(Statistics, QuantilesLieBetweenNeighbours) {
  EXPECT_DOUBLE_EQ(Quantile({3, 1, 2}, 0.5), 2.0);
  EXPECT_DOUBLE_EQ(Quantile({1, 2, 3, 4}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(Quantile({1, 2, 3, 4}, 0.0), 1.0);
  EXPECT_DOUBLE_EQ(Quantile({1, 2, 3, 4}, 1.0), 4.0);
  EXPECT_DOUBLE_EQ(Quantile({}, 0.5), 0.0);
  EXPECT_DOUBLE_EQ(StandardDeviation({2, 4, 4, 4, 5, 5, 7, 9}), 2.0);
}

}  // namespace
}  // namespace speechcoach::prosody
