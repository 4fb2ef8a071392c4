// Pulses, jitter and shimmer.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "prosody/jitter.h"
#include "prosody/point_process.h"
#include "prosody/shimmer.h"
#include "prosody/sound_to_pitch.h"
#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

// A voice whose periods and amplitudes scatter.
struct Voice {
  std::vector<double> pulses_s;
  std::vector<double> amplitudes;
};

Voice MakeVoice(double f0_hz, double period_scatter, double amplitude_scatter) {
  std::mt19937 random(7);
  const auto scatter = [&random] { return 2.0 * static_cast<double>(random()) / static_cast<double>(random.max()) - 1.0; };
  Voice voice;
  for (double time_s = 0.05; time_s < 1.95;) {
    voice.pulses_s.push_back(time_s);
    voice.amplitudes.push_back(0.3 * (1.0 + amplitude_scatter * scatter()));
    time_s += (1.0 + period_scatter * scatter()) / f0_hz;
  }
  return voice;
}

Samples SoundOf(const Voice& voice) { return Pulses(voice.pulses_s, voice.amplitudes, 2.0); }

TEST(Jitter, FollowsItsDefinition) {
  // Periods of 10 and 11 ms in turn.
  std::vector<double> pulses{0.0};
  for (int i = 0; i < 20; ++i) pulses.push_back(pulses.back() + (i % 2 == 0 ? 0.010 : 0.011));
  const Jitter jitter = PulsesToJitter(pulses, {});
  EXPECT_NEAR(jitter.local.value(), 1.0 / 10.5, 1e-6);
  EXPECT_NEAR(jitter.rap.value(), (2.0 / 3.0) / 10.5, 1e-6);
  EXPECT_NEAR(jitter.ppq5.value(), 0.4 / 10.5, 1e-6);
}

TEST(Jitter, SkipsTheGapBetweenTwoVoicedStretches) {
  std::vector<double> pulses;
  for (int i = 0; i < 10; ++i) pulses.push_back(0.01 * i);
  for (int i = 0; i < 10; ++i) pulses.push_back(0.5 + 0.01 * i);
  EXPECT_NEAR(PulsesToJitter(pulses, {}).local.value(), 0.0, 1e-9);
}

TEST(Jitter, IsAbsentWithoutEnoughPeriods) {
  EXPECT_FALSE(PulsesToJitter({}, {}).local.has_value());
  const std::vector<double> three{0.0, 0.01, 0.02};
  EXPECT_TRUE(PulsesToJitter(three, {}).local.has_value());
  EXPECT_FALSE(PulsesToJitter(three, {}).rap.has_value());
}

TEST(Pulses, FallOnThePulsesOfTheVoice) {
  const Voice voice = MakeVoice(125.0, 0.01, 0.05);
  const Samples sound = SoundOf(voice);
  const std::vector<double> found = SoundAndPitchToPulses(sound, SoundToPitch(sound, {}));
  ASSERT_NEAR(static_cast<double>(found.size()), static_cast<double>(voice.pulses_s.size()), 8.0);
  for (std::size_t i = 1; i < found.size(); ++i) EXPECT_GT(found[i], found[i - 1]);
  for (const double time_s : found) {
    double nearest_s = 1.0;
    for (const double pulse_s : voice.pulses_s) nearest_s = std::min(nearest_s, std::abs(pulse_s - time_s));
    EXPECT_LT(nearest_s, 0.0001);
  }
}

TEST(Pulses, SilenceHasNone) { EXPECT_TRUE(SoundAndPitchToPulses(Silence(1.0), SoundToPitch(Silence(1.0), {})).empty()); }

TEST(VoiceQuality, MeasuresTheScatterOfASyntheticVoice) {
  for (const double scatter : {0.005, 0.01, 0.02}) {
    const Voice voice = MakeVoice(150.0, scatter, 4.0 * scatter);
    const Samples sound = SoundOf(voice);
    const std::vector<double> pulses = SoundAndPitchToPulses(sound, SoundToPitch(sound, {}));
    // Neighbours of an even scatter in [-s, s] differ by 2 s / 3 in the mean.
    EXPECT_NEAR(PulsesToJitter(pulses, {}).local.value(), 2.0 / 3.0 * scatter, 0.1 * scatter);
    EXPECT_NEAR(PulsesToJitter(pulses, {}).local.value(), PulsesToJitter(voice.pulses_s, {}).local.value(), 0.05 * scatter);
    EXPECT_NEAR(SoundAndPulsesToShimmer(sound, pulses, {}).local.value(), 8.0 / 3.0 * scatter, 0.4 * scatter);
  }
}

TEST(VoiceQuality, ASteadyVoiceHasNearlyNone) {
  const Samples sound = SoundOf(MakeVoice(150.0, 0.0, 0.0));
  const std::vector<double> pulses = SoundAndPitchToPulses(sound, SoundToPitch(sound, {}));
  EXPECT_LT(PulsesToJitter(pulses, {}).local.value(), 0.001);
  EXPECT_LT(SoundAndPulsesToShimmer(sound, pulses, {}).local.value(), 0.005);
}

TEST(Shimmer, IsAbsentWithoutPulses) {
  const Shimmer shimmer = SoundAndPulsesToShimmer(Silence(1.0), {}, {});
  EXPECT_FALSE(shimmer.local || shimmer.apq3 || shimmer.apq5);
}

}  // namespace
}  // namespace speechcoach::prosody
