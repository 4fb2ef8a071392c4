#include "api/ws/chunk_order.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::api {
namespace {

constexpr RecordingLimits kLimits{100'000, 2.0};
using Bytes = std::vector<std::uint8_t>;

Bytes Samples(std::initializer_list<std::int16_t> samples) {
  Bytes bytes(samples.size() * 2);
  std::memcpy(bytes.data(), std::data(samples), bytes.size());
  return bytes;
}

// Keeps what is passed on.
class Order {
 public:
  Order(const pipeline::AudioSource& source, const RecordingLimits& limits) : order_(source, limits) {}

  base::Result<std::optional<SeqRange>> Add(std::uint32_t seq, const Bytes& bytes) {
    return order_.Add(seq, bytes, [this](std::uint32_t number, std::span<const std::uint8_t> chunk) -> base::Status {
      if (number >= refuses_from) return {base::ErrorCode::kBusy, "full"};
      passed.insert(passed.end(), chunk.begin(), chunk.end());
      return {};
    });
  }
  void GoOnAfter(const spool::StreamContent& content) { order_.GoOnAfter(content); }
  std::uint32_t next_seq() const { return order_.next_seq(); }
  bool HasAllUpTo(std::int64_t last_seq) const { return order_.HasAllUpTo(last_seq); }
  bool HasBeyond(std::int64_t last_seq) const { return order_.HasBeyond(last_seq); }
  std::vector<SeqRange> MissingUpTo(std::uint32_t last_seq) const { return order_.MissingUpTo(last_seq); }

  Bytes passed;
  std::uint32_t refuses_from = 1'000'000;

 private:
  ChunkOrder order_;
};

using pipeline::StreamFormat;

Order Pcm(int rate = 16000, RecordingLimits limits = kLimits) { return {{StreamFormat::kPcmS16, rate}, limits}; }

TEST(ChunkOrderTest, PassesOnOnceAndInOrder) {
  auto order = Pcm();
  ASSERT_TRUE(order.Add(0, Samples({1})).ok());
  EXPECT_EQ(order.passed, Samples({1}));
  ASSERT_TRUE(order.Add(2, Samples({3})).ok());
  EXPECT_EQ(order.passed, Samples({1})) << "a chunk before it is missing";
  ASSERT_TRUE(order.Add(1, Samples({0, 2})).ok());
  EXPECT_EQ(order.passed, Samples({1, 0, 2, 3}));
}

TEST(ChunkOrderTest, WhatTheSinkRefusesIsNotTaken) {
  auto order = Pcm();
  ASSERT_TRUE(order.Add(1, Samples({2})).ok());
  order.refuses_from = 1;
  EXPECT_EQ(order.Add(0, Samples({1})).error().code, base::ErrorCode::kBusy);
  EXPECT_EQ(order.next_seq(), 1u) << "the one that waited was refused, not the one that came";
  order.refuses_from = 100;
  ASSERT_TRUE(order.Add(0, Samples({1})).ok()) << "sent again";
  EXPECT_EQ(order.passed, Samples({1, 2}));
}

TEST(ChunkOrderTest, GoesOnAfterALostConnection) {
  auto order = Pcm(8000, {1'000'000, 1.0});
  order.GoOnAfter({"", Samples({1, 2, 3}), {2, 6}, std::nullopt});
  EXPECT_EQ(order.next_seq(), 2u);
  EXPECT_TRUE(order.Add(1, Samples({2, 3})).ok()) << "an identical repeat";
  EXPECT_EQ(order.Add(1, Samples({2, 4})).error().code, base::ErrorCode::kBadField);
  EXPECT_TRUE(order.Add(2, Bytes(23'994)).ok());
  EXPECT_EQ(order.Add(3, Bytes(2)).error().code, base::ErrorCode::kAudioTooLong) << "what came before counts";
}

TEST(ChunkOrderTest, MeasuresTheLoudnessOfAChunk) {
  const pipeline::AudioSource s16{pipeline::StreamFormat::kPcmS16, 16000};
  EXPECT_EQ(LoudnessOf(s16, Samples({0, 0})).rms_dbfs, -100.0);
  EXPECT_NEAR(LoudnessOf(s16, Samples({16384, -16384})).rms_dbfs, -6.02, 0.01);
  EXPECT_NEAR(LoudnessOf(s16, Samples({16384, -16384})).peak_dbfs, -6.02, 0.01);
  const float floats[] = {0.5f, -0.5f, 0.0f, 0.0f};
  Bytes bytes(sizeof floats);
  std::memcpy(bytes.data(), floats, sizeof floats);
  EXPECT_NEAR(LoudnessOf({pipeline::StreamFormat::kPcmF32, 16000}, bytes).rms_dbfs, -9.03, 0.01);
}

TEST(ChunkOrderTest, RepeatsChangeNothingUnlessTheyDiffer) {
  auto order = Pcm();
  ASSERT_TRUE(order.Add(0, Samples({1})).ok());
  ASSERT_TRUE(order.Add(1, Samples({2})).ok());
  EXPECT_TRUE(order.Add(0, Samples({1})).ok());
  EXPECT_EQ(order.next_seq(), 2u);
  EXPECT_EQ(order.Add(1, Samples({3})).error().code, base::ErrorCode::kBadField);
  ASSERT_TRUE(order.Add(5, Samples({6})).ok());
  EXPECT_TRUE(order.Add(5, Samples({6})).ok());
  EXPECT_EQ(order.Add(5, Samples({7})).error().code, base::ErrorCode::kBadField);
}

TEST(ChunkOrderTest, RepeatsOfLongAgoChangeNothingWhateverTheyHold) {
  auto order = Pcm();
  constexpr std::uint32_t kChunks = ChunkOrder::kRemembered + 5;
  for (std::uint32_t seq = 0; seq < kChunks; ++seq) ASSERT_TRUE(order.Add(seq, Samples({static_cast<std::int16_t>(seq)})).ok());
  const Bytes passed = order.passed;
  EXPECT_TRUE(order.Add(0, Samples({99})).ok());
  EXPECT_TRUE(order.Add(4, Samples({4})).ok());
  EXPECT_TRUE(order.Add(5, Samples({5})).ok());
  EXPECT_EQ(order.Add(5, Samples({99})).error().code, base::ErrorCode::kBadField);
  EXPECT_EQ(order.Add(kChunks - 1, Samples({99})).error().code, base::ErrorCode::kBadField);
  EXPECT_EQ(order.passed, passed);
  EXPECT_EQ(order.next_seq(), kChunks);
}

TEST(ChunkOrderTest, AsksOnceForWhatIsMissing) {
  auto order = Pcm();
  ASSERT_TRUE(order.Add(0, Samples({0})).ok());
  const auto gap = order.Add(3, Samples({3}));
  ASSERT_TRUE(*gap);
  EXPECT_EQ((*gap)->from, 1u);
  EXPECT_EQ((*gap)->to, 2u);
  EXPECT_FALSE(*order.Add(4, Samples({4})));
  const auto second = order.Add(6, Samples({6}));
  ASSERT_TRUE(*second);
  EXPECT_EQ((*second)->from, 5u);
  EXPECT_EQ((*second)->to, 5u);
  EXPECT_FALSE(order.HasAllUpTo(6));
  ASSERT_EQ(order.MissingUpTo(8).size(), 3u);
  EXPECT_EQ(order.MissingUpTo(8).back().from, 7u);
  EXPECT_EQ(order.MissingUpTo(8).back().to, 8u);
  EXPECT_FALSE(*order.Add(2, Samples({2})));
  ASSERT_TRUE(order.Add(1, Samples({1})).ok());
  ASSERT_TRUE(order.Add(5, Samples({5})).ok());
  EXPECT_EQ(order.next_seq(), 7u);
  EXPECT_TRUE(order.HasAllUpTo(6));
  EXPECT_TRUE(order.MissingUpTo(6).empty());
}

TEST(ChunkOrderTest, KnowsWhatLiesBeyondAnEnd) {
  auto order = Pcm();
  EXPECT_FALSE(order.HasBeyond(-1));
  ASSERT_TRUE(order.Add(0, Samples({0})).ok());
  EXPECT_TRUE(order.HasBeyond(-1));
  EXPECT_FALSE(order.HasBeyond(0));
  ASSERT_TRUE(order.Add(3, Samples({3})).ok());
  EXPECT_TRUE(order.HasBeyond(2));
  EXPECT_FALSE(order.HasBeyond(3));
}

TEST(ChunkOrderTest, HoldsItsLimits) {
  auto seconds = Pcm(8000, {1'000'000, 1.0});
  ASSERT_TRUE(seconds.Add(0, Bytes(24'000)).ok()) << "a second and the slack";
  EXPECT_EQ(seconds.Add(1, Bytes(2)).error().code, base::ErrorCode::kAudioTooLong);
  Order container({StreamFormat::kWebmOpus, 0}, {10, 1.0});
  ASSERT_TRUE(container.Add(0, Bytes(10)).ok());
  EXPECT_EQ(container.Add(1, Bytes(1)).error().code, base::ErrorCode::kAudioTooLarge);
  Order early({StreamFormat::kWebmOpus, 0}, {10, 1.0});
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

TEST(ChunkOrderTest, RefusesHalfSamplesAndNothing) {
  EXPECT_FALSE(Pcm().Add(0, Bytes(3)).ok());
  EXPECT_FALSE(Pcm().Add(0, Bytes()).ok());
  Order floats({StreamFormat::kPcmF32, 16000}, kLimits);
  EXPECT_FALSE(floats.Add(0, Bytes(6)).ok());
  Order container({StreamFormat::kOggOpus, 0}, kLimits);
  EXPECT_TRUE(container.Add(0, Bytes(3)).ok());
}

// Whatever the order and however often chunks come, the recording is the same.
RC_GTEST_PROP(ChunkOrderTest, TheOrderOfArrivalDoesNotMatter, ()) {
  const auto count = *rc::gen::inRange<std::uint32_t>(1, 40);
  std::vector<std::uint32_t> arrivals(count);
  std::iota(arrivals.begin(), arrivals.end(), 0u);
  const auto repeats = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, count));
  arrivals.insert(arrivals.end(), repeats.begin(), repeats.end());
  const auto seed = *rc::gen::arbitrary<unsigned>();
  std::shuffle(arrivals.begin(), arrivals.end(), std::mt19937(seed));
  Order order({StreamFormat::kOggOpus, 0}, kLimits);
  for (const std::uint32_t seq : arrivals) RC_ASSERT(order.Add(seq, Bytes(1 + seq % 3, static_cast<std::uint8_t>(seq))).ok());
  Bytes expected;
  for (std::uint32_t seq = 0; seq < count; ++seq) expected.insert(expected.end(), 1 + seq % 3, static_cast<std::uint8_t>(seq));
  RC_ASSERT(order.next_seq() == count);
  RC_ASSERT(order.passed == expected);
}

}  // namespace
}  // namespace speechcoach::api
