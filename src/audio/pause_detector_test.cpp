#include "audio/pause_detector.h"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "audio/recording_decoder.h"
#include "audio/test_support.h"
#include "audio/wav.h"

namespace speechcoach::audio {
namespace {

constexpr double kPauseS = 2.5;

std::vector<float> Noise(double rms_db, double seconds) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal(0.0f, static_cast<float>(std::pow(10.0, rms_db / 20.0)));
  std::vector<float> samples(static_cast<std::size_t>(seconds * model::kSampleRateHz));
  for (float& sample : samples) sample = normal(random);
  return samples;
}

// A spoken sentence in a room that is never quite silent.
std::vector<float> Sentence() {
  const auto clip = DecodeWav(Recording("good.wav"));
  EXPECT_TRUE(clip.ok());
  std::vector<float> samples = clip->samples;
  const std::vector<float> room = Noise(-65.0, clip->duration_s() + 1.0);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] += room[i];
  return samples;
}

TEST(PauseDetectorTest, EndsWhereNobodySpeaksAfterSpeech) {
  PauseDetector pause(model::kSampleRateHz, kPauseS);
  pause.Append(Noise(-65.0, 1.0));
  pause.Append(Sentence());
  EXPECT_FALSE(pause.is_pause());
  pause.Append(Noise(-65.0, 1.5));
  EXPECT_FALSE(pause.is_pause()) << "a pause to think";
  pause.Append(Noise(-65.0, 2.0));
  EXPECT_TRUE(pause.is_pause());
}

TEST(PauseDetectorTest, SpeechEndsThePause) {
  PauseDetector pause(model::kSampleRateHz, kPauseS);
  for (int i = 0; i < 3; ++i) {
    pause.Append(Sentence());
    EXPECT_FALSE(pause.is_pause());
    pause.Append(Noise(-65.0, 2.0));
    EXPECT_FALSE(pause.is_pause());
  }
}

TEST(PauseDetectorTest, SilenceAndNoiseAloneAreNoPause) {
  PauseDetector digital(model::kSampleRateHz, kPauseS);
  digital.Append(std::vector<float>(20 * model::kSampleRateHz));
  EXPECT_FALSE(digital.is_pause());
  PauseDetector fan(model::kSampleRateHz, kPauseS);
  fan.Append(Noise(-30.0, 20.0));
  EXPECT_FALSE(fan.is_pause());
  PauseDetector late(model::kSampleRateHz, kPauseS);
  late.Append(std::vector<float>(2 * model::kSampleRateHz));
  late.Append(Noise(-45.0, 10.0));
  EXPECT_FALSE(late.is_pause()) << "a microphone that is switched on late";
}

TEST(PauseDetectorTest, AClickIsNoSpeech) {
  PauseDetector pause(model::kSampleRateHz, kPauseS);
  for (int i = 0; i < 20; ++i) {
    pause.Append(Noise(-65.0, 0.5));
    pause.Append(Noise(-15.0, 0.03));
  }
  pause.Append(Noise(-65.0, 3.0));
  EXPECT_FALSE(pause.is_pause());
}

TEST(PauseDetectorTest, ChunksOfAnySizeAreTheSame) {
  std::vector<float> samples = Sentence();
  const std::vector<float> silence = Noise(-65.0, 2.8);
  samples.insert(samples.end(), silence.begin(), silence.end());
  PauseDetector whole(model::kSampleRateHz, kPauseS);
  whole.Append(samples);
  PauseDetector pieces(model::kSampleRateHz, kPauseS);
  for (std::size_t i = 0; i < samples.size(); i += 777) {
    pieces.Append(std::span(samples).subspan(i, std::min<std::size_t>(777, samples.size() - i)));
  }
  EXPECT_TRUE(whole.is_pause());
  EXPECT_TRUE(pieces.is_pause());
}

}  // namespace
}  // namespace speechcoach::audio
