#include "api/ws/recording_buffer.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "audio/wav.h"

namespace speechcoach::api {
namespace {

constexpr RecordingLimits kLimits{100'000, 2.0};
using Bytes = std::vector<std::uint8_t>;

Bytes Samples(std::initializer_list<std::int16_t> samples) {
  Bytes bytes(samples.size() * 2);
  std::memcpy(bytes.data(), std::data(samples), bytes.size());
  return bytes;
}

RecordingBuffer Pcm(int rate = 16000, RecordingLimits limits = kLimits) { return {{StreamFormat::kPcmS16, rate}, limits}; }

TEST(RecordingBufferTest, PcmBecomesAWavOfItsRate) {
  auto buffer = Pcm(16000);
  ASSERT_TRUE(buffer.Add(0, Samples({0, 16384, -16384})).ok());
  ASSERT_TRUE(buffer.Add(1, Samples({32767})).ok());
  const pipeline::Recording recording = buffer.Finish();
  EXPECT_EQ(recording.format, "wav");
  const auto clip = audio::DecodeWav(recording.bytes);
  ASSERT_TRUE(clip.ok());
  ASSERT_EQ(clip->samples.size(), 4u);
  EXPECT_NEAR(clip->samples[1], 0.5, 1e-4);
  EXPECT_NEAR(clip->samples[2], -0.5, 1e-4);
  EXPECT_NEAR(clip->samples[3], 1.0, 1e-4);
}

TEST(RecordingBufferTest, HandsOutNewSamplesOnceAndInOrder) {
  auto buffer = Pcm();
  ASSERT_TRUE(buffer.Add(0, Samples({16384})).ok());
  EXPECT_EQ(buffer.TakeNewSamples(), std::vector<float>{0.5F});
  ASSERT_TRUE(buffer.Add(2, Samples({-16384})).ok());
  EXPECT_TRUE(buffer.TakeNewSamples().empty()) << "a chunk before it is missing";
  ASSERT_TRUE(buffer.Add(1, Samples({0, 8192})).ok());
  EXPECT_EQ(buffer.TakeNewSamples(), (std::vector<float>{0.0F, 0.25F, -0.5F}));
  EXPECT_TRUE(buffer.TakeNewSamples().empty());
}

TEST(RecordingBufferTest, FloatsAreKeptAsSixteenBits) {
  RecordingBuffer buffer({StreamFormat::kPcmF32, 16000}, kLimits);
  const float samples[] = {0.5f, -2.0f, std::numeric_limits<float>::quiet_NaN()};
  Bytes bytes(sizeof samples);
  std::memcpy(bytes.data(), samples, sizeof samples);
  ASSERT_TRUE(buffer.Add(0, bytes).ok());
  ASSERT_TRUE(buffer.Add(0, bytes).ok()) << "an identical repeat";
  const auto clip = audio::DecodeWav(buffer.Finish().bytes);
  ASSERT_EQ(clip->samples.size(), 3u);
  EXPECT_NEAR(clip->samples[0], 0.5, 1e-4);
  EXPECT_NEAR(clip->samples[1], -1.0, 1e-4);
  EXPECT_NEAR(clip->samples[2], 0.0, 1e-4);
}

TEST(RecordingBufferTest, MeasuresTheLoudnessOfAChunk) {
  auto buffer = Pcm();
  const auto silence = buffer.Add(0, Samples({0, 0}));
  EXPECT_EQ(silence->loudness->rms_dbfs, -100.0);
  const auto half = buffer.Add(1, Samples({16384, -16384}));
  EXPECT_NEAR(half->loudness->rms_dbfs, -6.02, 0.01);
  EXPECT_NEAR(half->loudness->peak_dbfs, -6.02, 0.01);
}

TEST(RecordingBufferTest, RepeatsChangeNothingUnlessTheyDiffer) {
  auto buffer = Pcm();
  ASSERT_TRUE(buffer.Add(0, Samples({1})).ok());
  ASSERT_TRUE(buffer.Add(1, Samples({2})).ok());
  EXPECT_TRUE(buffer.Add(0, Samples({1})).ok());
  EXPECT_EQ(buffer.next_seq(), 2u);
  EXPECT_EQ(buffer.Add(1, Samples({3})).error().code, base::ErrorCode::kBadField);
  ASSERT_TRUE(buffer.Add(5, Samples({6})).ok());
  EXPECT_TRUE(buffer.Add(5, Samples({6})).ok());
  EXPECT_EQ(buffer.Add(5, Samples({7})).error().code, base::ErrorCode::kBadField);
}

TEST(RecordingBufferTest, AsksOnceForWhatIsMissing) {
  auto buffer = Pcm();
  ASSERT_TRUE(buffer.Add(0, Samples({0})).ok());
  const auto gap = buffer.Add(3, Samples({3}));
  ASSERT_TRUE(gap->missing);
  EXPECT_EQ(gap->missing->from, 1u);
  EXPECT_EQ(gap->missing->to, 2u);
  EXPECT_FALSE(buffer.Add(4, Samples({4}))->missing);
  const auto second = buffer.Add(6, Samples({6}));
  ASSERT_TRUE(second->missing);
  EXPECT_EQ(second->missing->from, 5u);
  EXPECT_EQ(second->missing->to, 5u);
  EXPECT_FALSE(buffer.HasAllUpTo(6));
  ASSERT_EQ(buffer.MissingUpTo(8).size(), 3u);
  EXPECT_EQ(buffer.MissingUpTo(8).back().from, 7u);
  EXPECT_EQ(buffer.MissingUpTo(8).back().to, 8u);
  EXPECT_FALSE(buffer.Add(2, Samples({2}))->missing);
  ASSERT_TRUE(buffer.Add(1, Samples({1})).ok());
  ASSERT_TRUE(buffer.Add(5, Samples({5})).ok());
  EXPECT_EQ(buffer.next_seq(), 7u);
  EXPECT_TRUE(buffer.HasAllUpTo(6));
  EXPECT_TRUE(buffer.MissingUpTo(6).empty());
}

TEST(RecordingBufferTest, KnowsWhatLiesBeyondAnEnd) {
  auto buffer = Pcm();
  EXPECT_FALSE(buffer.HasBeyond(-1));
  ASSERT_TRUE(buffer.Add(0, Samples({0})).ok());
  EXPECT_TRUE(buffer.HasBeyond(-1));
  EXPECT_FALSE(buffer.HasBeyond(0));
  ASSERT_TRUE(buffer.Add(3, Samples({3})).ok());
  EXPECT_TRUE(buffer.HasBeyond(2));
  EXPECT_FALSE(buffer.HasBeyond(3));
}

TEST(RecordingBufferTest, HoldsItsLimits) {
  auto seconds = Pcm(8000, {1'000'000, 1.0});
  ASSERT_TRUE(seconds.Add(0, Bytes(24'000)).ok()) << "a second and the slack";
  EXPECT_EQ(seconds.Add(1, Bytes(2)).error().code, base::ErrorCode::kAudioTooLong);
  RecordingBuffer container({StreamFormat::kWebmOpus, 0}, {10, 1.0});
  ASSERT_TRUE(container.Add(0, Bytes(10)).ok());
  EXPECT_EQ(container.Add(1, Bytes(1)).error().code, base::ErrorCode::kAudioTooLarge);
  RecordingBuffer early({StreamFormat::kWebmOpus, 0}, {10, 1.0});
  ASSERT_TRUE(early.Add(2, Bytes(6)).ok());
  EXPECT_EQ(early.Add(1, Bytes(6)).error().code, base::ErrorCode::kAudioTooLarge) << "what is held counts";
  auto gaps = Pcm();
  base::Status last;
  for (std::uint32_t seq = 1; seq < 1000 && last.ok(); ++seq) {
    const auto added = gaps.Add(seq, Samples({1}));
    if (!added.ok()) last = added.error();
  }
  EXPECT_FALSE(last.ok()) << "what comes early is held within a bound";
}

TEST(RecordingBufferTest, RefusesHalfSamplesAndNothing) {
  EXPECT_FALSE(Pcm().Add(0, Bytes(3)).ok());
  EXPECT_FALSE(Pcm().Add(0, Bytes()).ok());
  RecordingBuffer floats({StreamFormat::kPcmF32, 16000}, kLimits);
  EXPECT_FALSE(floats.Add(0, Bytes(6)).ok());
  RecordingBuffer container({StreamFormat::kOggOpus, 0}, kLimits);
  EXPECT_TRUE(container.Add(0, Bytes(3)).ok());
}

// Whatever the order and however often chunks come, the recording is the same.
RC_GTEST_PROP(RecordingBufferTest, TheOrderOfArrivalDoesNotMatter, ()) {
  const auto count = *rc::gen::inRange<std::uint32_t>(1, 40);
  std::vector<std::uint32_t> arrivals(count);
  std::iota(arrivals.begin(), arrivals.end(), 0u);
  const auto repeats = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, count));
  arrivals.insert(arrivals.end(), repeats.begin(), repeats.end());
  const auto seed = *rc::gen::arbitrary<unsigned>();
  std::shuffle(arrivals.begin(), arrivals.end(), std::mt19937(seed));
  RecordingBuffer buffer({StreamFormat::kOggOpus, 0}, kLimits);
  for (const std::uint32_t seq : arrivals) RC_ASSERT(buffer.Add(seq, Bytes(1 + seq % 3, static_cast<std::uint8_t>(seq))).ok());
  Bytes expected;
  for (std::uint32_t seq = 0; seq < count; ++seq) expected.insert(expected.end(), 1 + seq % 3, static_cast<std::uint8_t>(seq));
  RC_ASSERT(buffer.next_seq() == count);
  RC_ASSERT(buffer.Finish().bytes == expected);
}

}  // namespace
}  // namespace speechcoach::api
