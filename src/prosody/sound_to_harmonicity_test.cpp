#include "prosody/sound_to_harmonicity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "prosody/sound_to_pitch.h"
#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

double MeanSquare(const Samples& samples) {
  double sum = 0.0;
  for (const float sample : samples) sum += static_cast<double>(sample) * sample;
  return sum / static_cast<double>(samples.size());
}

TEST(SoundToHarmonicity, IsTheRatioOfVoiceToNoise) {
  const Samples voice = Vowel(200.0, 2.0, 0.3);
  for (const double wanted_db : {5.0, 10.0, 20.0, 30.0}) {
    Samples noise = Noise(2.0, 0.1);
    noise = Scaled(noise, std::sqrt(MeanSquare(voice) / MeanSquare(noise) / std::pow(10.0, wanted_db / 10.0)));
    EXPECT_NEAR(SoundToHarmonicity(Mix(voice, noise), {}).Mean(), wanted_db, 1.0);
  }
}

TEST(SoundToHarmonicity, IsHighForAPureTone) { EXPECT_GT(SoundToHarmonicity(Sine(200.0, 1.0, 0.3), {}).Mean(), 40.0); }

TEST(SoundToHarmonicity, IsLowForNoise) { EXPECT_LT(SoundToHarmonicity(Noise(1.0, 0.3), {}).Mean(), 1.0); }

TEST(SoundToHarmonicity, CountsVoicedFramesOnly) {
  const Samples sound = Vowel(200.0, 1.0, 0.3) + Noise(1.0, 0.3);
  const Harmonicity harmonicity = SoundToHarmonicity(sound, {});
  EXPECT_GT(harmonicity.MeanOverVoiced(SoundToPitch(sound, {})), harmonicity.Mean() + 5.0);
}

TEST(SoundToHarmonicity, SilenceHasNone) {
  EXPECT_DOUBLE_EQ(SoundToHarmonicity(Silence(1.0), {}).Mean(), kNoHarmonicityDb);
  EXPECT_DOUBLE_EQ(SoundToHarmonicity(Samples{}, {}).Mean(), kNoHarmonicityDb);
  EXPECT_DOUBLE_EQ(SoundToHarmonicity(Sine(200.0, 0.02, 0.3), {}).Mean(), kNoHarmonicityDb);
}

}  // namespace
}  // namespace speechcoach::prosody
