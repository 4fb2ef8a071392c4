#include "prosody/sound_to_pitch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "prosody/sample_time.h"
#include "prosody/speaker_pitch.h"
#include "prosody/statistics.h"
#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

std::size_t VoicedCount(const PitchTrack& track) { return track.VoicedF0().size(); }

TEST(SoundToPitch, FindsAToneToAThousandth) {
  for (const double f0_hz : {80.0, 101.3, 150.0, 233.7, 317.0, 450.0, 590.0}) {
    for (const Samples& tone : {Sine(f0_hz, 0.5, 0.3), Vowel(f0_hz, 0.5, 0.3)}) {
      const PitchTrack track = SoundToPitch(tone, {});
      ASSERT_EQ(VoicedCount(track), track.frames.size()) << f0_hz;
      for (const PitchFrame& frame : track.frames) {
        EXPECT_NEAR(frame.f0_hz, f0_hz, 0.001 * f0_hz);
        EXPECT_GT(frame.strength, 0.98);
        EXPECT_LE(frame.strength, 1.0);
      }
    }
  }
}

TEST(SoundToPitch, FollowsAGlide) {
  const auto f0_hz = [](double time_s) { return 120.0 * std::exp2(time_s); };
  const PitchTrack track = SoundToPitch(Vowel(f0_hz, 1.0, 0.3), {});
  ASSERT_EQ(VoicedCount(track), track.frames.size());
  for (std::size_t i = 0; i < track.frames.size(); ++i) {
    const double expected_hz = f0_hz(track.grid.TimeOf(i));
    EXPECT_NEAR(track.frames[i].f0_hz, expected_hz, 0.005 * expected_hz);
  }
}

TEST(SoundToPitch, FramesAreTenMillisecondsApartAndCentred) {
  const PitchTrack track = SoundToPitch(Sine(200.0, 1.0, 0.3), {});
  EXPECT_EQ(track.grid.count, 97U);  // (1 - 3 / 75) / 0.01, and one
  EXPECT_NEAR(track.grid.TimeOf(0) + track.grid.TimeOf(96), 1.0, 1e-9);
  EXPECT_NEAR(track.grid.step_s, 0.01, 1e-12);
}

TEST(SoundToPitch, HearsNoVoiceInNoiseOrSilence) {
  EXPECT_LT(VoicedCount(SoundToPitch(Noise(2.0, 0.3), {})), 5U);
  EXPECT_EQ(VoicedCount(SoundToPitch(Silence(1.0), {})), 0U);
}

TEST(SoundToPitch, VoicingBeginsAndEndsWithTheVoice) {
  const PitchTrack track = SoundToPitch(Silence(0.5) + Vowel(140.0, 0.5, 0.3) + Silence(0.5), {});
  for (std::size_t i = 0; i < track.frames.size(); ++i) {
    const double time_s = track.grid.TimeOf(i);
    if (time_s < 0.47 || time_s > 1.03) {
      EXPECT_FALSE(track.frames[i].voiced()) << time_s;
    }
    if (time_s > 0.52 && time_s < 0.98) {
      EXPECT_TRUE(track.frames[i].voiced()) << time_s;
    }
  }
}

TEST(SoundToPitch, IgnoresLevelAndOffset) {
  const Samples voice = Vowel([](double time_s) { return 180.0 + 40.0 * std::sin(9.0 * time_s); }, 1.0, 0.3);
  const PitchTrack plain = SoundToPitch(voice, {});
  for (const Samples& changed : {Scaled(voice, 0.01), Mix(voice, Samples(voice.size(), 0.2F))}) {
    const PitchTrack track = SoundToPitch(changed, {});
    ASSERT_EQ(track.frames.size(), plain.frames.size());
    for (std::size_t i = 0; i < track.frames.size(); ++i) {
      EXPECT_NEAR(track.frames[i].f0_hz, plain.frames[i].f0_hz, 0.001 * plain.frames[i].f0_hz);
    }
  }
}

TEST(SoundToPitch, KeepsToFloorAndCeiling) {
  const PitchParameters narrow{.pitch_floor_hz = 150.0, .pitch_ceiling_hz = 250.0};
  for (const double f0_hz : {100.0, 200.0, 400.0}) {
    for (const double found_hz : SoundToPitch(Vowel(f0_hz, 0.5, 0.3), narrow).VoicedF0()) {
      EXPECT_GE(found_hz, 149.0);
      EXPECT_LE(found_hz, 251.0);
    }
  }
}

TEST(SoundToPitch, ARecordingShorterThanTheWindowHasNoFrames) {
  EXPECT_TRUE(SoundToPitch(Sine(200.0, 0.03, 0.3), {}).frames.empty());
  EXPECT_TRUE(SoundToPitch(Samples{}, {}).frames.empty());
  EXPECT_EQ(SoundToPitch(Sine(200.0, 0.0401, 0.3), {}).frames.size(), 1U);
}

TEST(PitchTrack, InterpolatesBetweenVoicedFramesOnly) {
  PitchTrack track;
  track.grid = {0.1, 0.01, 4};
  track.frames = {{100.0, 0.9}, {110.0, 0.9}, {0.0, 0.0}, {130.0, 0.9}};
  EXPECT_DOUBLE_EQ(track.F0At(0.1), 100.0);
  EXPECT_NEAR(track.F0At(0.104), 104.0, 1e-9);
  EXPECT_NEAR(track.F0At(0.106), 106.0, 1e-9);
  EXPECT_DOUBLE_EQ(track.F0At(0.113), 110.0);
  EXPECT_DOUBLE_EQ(track.F0At(0.12), 0.0);
  EXPECT_DOUBLE_EQ(track.F0At(0.128), 130.0);
  EXPECT_DOUBLE_EQ(track.F0At(0.134), 130.0);
  EXPECT_DOUBLE_EQ(track.F0At(0.05), 0.0);
  EXPECT_DOUBLE_EQ(track.F0At(0.2), 0.0);
  EXPECT_DOUBLE_EQ(PitchTrack{}.F0At(0.1), 0.0);
}

TEST(SpeakerPitch, FitsDeepVoicesAndChildren) {
  for (const double f0_hz : {75.0, 110.0, 210.0, 320.0}) {
    const auto melody = [f0_hz](double time_s) { return f0_hz * (1.0 + 0.15 * std::sin(5.0 * time_s)); };
    const Samples voice = Vowel(melody, 2.0, 0.3);
    const PitchRange range = FindPitchRange(voice, {{0.0, 2.0}});
    EXPECT_LT(range.floor_hz, 0.85 * f0_hz);
    EXPECT_GT(range.floor_hz, 0.5 * f0_hz);
    EXPECT_GT(range.ceiling_hz, 1.3 * f0_hz);
    EXPECT_LE(range.ceiling_hz, 800.0);
    const PitchTrack track = SoundToPitch(voice, ParametersFor(range));
    ASSERT_EQ(VoicedCount(track), track.frames.size());
    for (std::size_t i = 0; i < track.frames.size(); ++i) {
      EXPECT_NEAR(track.frames[i].f0_hz, melody(track.grid.TimeOf(i)), 0.02 * f0_hz);
    }
  }
}

TEST(SpeakerPitch, HumInThePausesIsNobodysVoice) {
  const Samples sound = Mix(Vowel(210.0, 1.0, 0.3) + Silence(3.0), Vowel(65.0, 4.0, 0.02));
  const std::vector<SoundingInterval> sounding{{0.0, 1.0}};
  EXPECT_NEAR(FindPitchRange(sound, sounding).floor_hz, 141.4, 0.1);  // a quarter octave's step below 0.75 * 210
  const PitchTrack track = WithinSounding(SoundToPitch(sound, {.pitch_floor_hz = 60.0}), sounding);
  for (std::size_t i = 0; i < track.frames.size(); ++i) {
    EXPECT_EQ(track.frames[i].voiced() && track.grid.TimeOf(i) > 1.0, false);
  }
}

TEST(SpeakerPitch, WithoutAVoiceKeepsTheCommonRange) {
  for (const Samples& sound : {Silence(1.0), Samples{}, Sine(200.0, 0.02, 0.3)}) {
    const PitchRange range = FindPitchRange(sound, {{0.0, 1.0}});
    EXPECT_DOUBLE_EQ(range.floor_hz, 75.0);
    EXPECT_DOUBLE_EQ(range.ceiling_hz, 600.0);
  }
}

}  // namespace
}  // namespace speechcoach::prosody
