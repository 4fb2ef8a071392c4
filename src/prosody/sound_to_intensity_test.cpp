#include "prosody/sound_to_intensity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

TEST(SoundToIntensity, GivesAToneItsLevel) {
  for (const double level_db : {0.0, -20.0, -50.0}) {
    const Intensity intensity = SoundToIntensity(Sine(200.0, 1.0, std::pow(10.0, level_db / 20.0)), {});
    ASSERT_GT(intensity.grid.count, 100U);
    for (const double dbfs : intensity.level_dbfs) EXPECT_NEAR(dbfs, level_db - 3.0103, 0.02);
  }
}

TEST(SoundToIntensity, DoesNotRippleWithTheLowestPitch) {
  const Intensity intensity = SoundToIntensity(Vowel(100.0, 1.0, 0.5), {.minimum_pitch_hz = 100.0, .time_step_s = 0.001});
  for (const double dbfs : intensity.level_dbfs) EXPECT_NEAR(dbfs, intensity.level_dbfs[0], 0.02);
}

TEST(SoundToIntensity, TakesNoOffsetForSound) {
  const Samples voice = Vowel(150.0, 1.0, 0.1);
  const Samples shifted = Mix(voice, Samples(voice.size(), 0.5F));
  const Intensity plain = SoundToIntensity(voice, {});
  const Intensity moved = SoundToIntensity(shifted, {});
  for (std::size_t i = 0; i < plain.grid.count; ++i) EXPECT_NEAR(moved.level_dbfs[i], plain.level_dbfs[i], 0.05);
  EXPECT_GT(SoundToIntensity(shifted, {.subtract_mean = false}).level_dbfs[0], -7.0);
}

TEST(SoundToIntensity, ShortSoundsHaveOneFrame) {
  const Intensity intensity = SoundToIntensity(Sine(200.0, 0.02, 1.0), {});
  ASSERT_EQ(intensity.grid.count, 1U);
  EXPECT_NEAR(intensity.level_dbfs[0], -3.0, 0.5);
  EXPECT_EQ(SoundToIntensity(Samples{}, {}).grid.count, 0U);
  EXPECT_DOUBLE_EQ(SoundToIntensity(Samples{}, {}).LevelAt(0.0), kNoSoundDbfs);
}

TEST(SoundToIntensity, SilenceHasABottom) {
  for (const double dbfs : SoundToIntensity(Silence(0.5), {}).level_dbfs) EXPECT_DOUBLE_EQ(dbfs, kNoSoundDbfs);
}

}  // namespace
}  // namespace speechcoach::prosody
