#include "pipeline/audio_source.h"

#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include "audio/wav.h"

namespace speechcoach::pipeline {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <typename T>
Bytes BytesOf(std::initializer_list<T> values) {
  Bytes bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), std::data(values), bytes.size());
  return bytes;
}

TEST(AudioSourceTest, HeadersComeBack) {
  for (const AudioSource source : {AudioSource{StreamFormat::kPcmS16, 16000}, AudioSource{StreamFormat::kPcmF32, 48000},
                                   AudioSource{StreamFormat::kWebmOpus, 0}, AudioSource{StreamFormat::kOggOpus, 0}}) {
    EXPECT_EQ(SourceFromHeader(ToHeader(source)), source);
  }
  for (const char* other : {"", "pcm_s16le", "pcm_s16le x", "mp3 0", "pcm_s16le 16000 more"})
    EXPECT_FALSE(SourceFromHeader(other)) << other;
}

TEST(AudioSourceTest, PcmBecomesAWavOfItsRate) {
  const Recording recording = ToRecording({StreamFormat::kPcmS16, 16000}, BytesOf<std::int16_t>({0, 16384, -16384, 32767}));
  EXPECT_EQ(recording.format, "wav");
  const auto clip = audio::DecodeWav(recording.bytes);
  ASSERT_TRUE(clip.ok());
  ASSERT_EQ(clip->samples.size(), 4u);
  EXPECT_NEAR(clip->samples[1], 0.5, 1e-4);
  EXPECT_NEAR(clip->samples[2], -0.5, 1e-4);
  EXPECT_NEAR(clip->samples[3], 1.0, 1e-4);
}

TEST(AudioSourceTest, FloatsBecomeSixteenBits) {
  const Recording recording =
      ToRecording({StreamFormat::kPcmF32, 16000}, BytesOf<float>({0.5f, -2.0f, std::numeric_limits<float>::quiet_NaN()}));
  const auto clip = audio::DecodeWav(recording.bytes);
  ASSERT_EQ(clip->samples.size(), 3u);
  EXPECT_NEAR(clip->samples[0], 0.5, 1e-4);
  EXPECT_NEAR(clip->samples[1], -1.0, 1e-4);
  EXPECT_NEAR(clip->samples[2], 0.0, 1e-4);
}

TEST(AudioSourceTest, ContainersStayAsTheyAre) {
  const Recording recording = ToRecording({StreamFormat::kOggOpus, 0}, {1, 2, 3});
  EXPECT_EQ(recording.format, "ogg_opus");
  EXPECT_EQ(recording.bytes, (Bytes{1, 2, 3}));
}

}  // namespace
}  // namespace speechcoach::pipeline
