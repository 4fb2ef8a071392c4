#include "audio/stream_resampler.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "audio/samples.h"

namespace speechcoach::audio {
namespace {

std::vector<float> Tone(int rate_hz, double seconds) {
  std::vector<float> samples(static_cast<std::size_t>(rate_hz * seconds));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = 0.5F * static_cast<float>(std::sin(2.0 * std::numbers::pi * 440.0 * static_cast<double>(i) / rate_hz));
  }
  return samples;
}

TEST(StreamResampler, ChunksGiveWhatTheWholeGives) {
  const std::vector<float> tone = Tone(48000, 1.0);
  const auto whole = Resample(tone, 48000, 16000);
  ASSERT_TRUE(whole.ok());
  const auto resampler = StreamResampler::Make(48000, 16000);
  ASSERT_TRUE(resampler.ok());
  std::vector<float> joined;
  for (std::size_t begin = 0; begin < tone.size(); begin += 4800) {
    const auto chunk = (*resampler)->Process(std::span(tone).subspan(begin, 4800));
    ASSERT_TRUE(chunk.ok());
    joined.insert(joined.end(), chunk->begin(), chunk->end());
  }
  EXPECT_GT(joined.size(), 15000U);
  ASSERT_LE(joined.size(), whole->size());
  for (std::size_t i = 0; i < joined.size(); ++i) ASSERT_NEAR(joined[i], (*whole)[i], 1e-4) << i;
}

TEST(StreamResampler, LeavesItsOwnRateAlone) {
  const std::vector<float> tone = Tone(16000, 0.1);
  EXPECT_EQ(*(*StreamResampler::Make(16000, 16000))->Process(tone), tone);
}

}  // namespace
}  // namespace speechcoach::audio
