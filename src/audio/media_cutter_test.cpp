#include "audio/media_cutter.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "audio/recording_decoder.h"
#include "audio/silent_opus.h"
#include "audio/test_support.h"
#include "model/audio_clip.h"

namespace speechcoach::audio {
namespace {

constexpr double kMaxSeconds = 10.0;

std::vector<MediaPiece> PiecesOf(const std::string& format, std::span<const std::uint8_t> bytes, std::size_t step) {
  const auto cutter = MakeMediaCutter(format, kMaxSeconds);
  std::vector<MediaPiece> pieces;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    if (!cutter->Append(bytes.subspan(at, std::min(step, bytes.size() - at)))) break;
    while (auto piece = cutter->Take()) pieces.push_back(std::move(*piece));
  }
  return pieces;
}

double SecondsOf(const std::vector<MediaPiece>& pieces) {
  double seconds = 0.0;
  for (const MediaPiece& piece : pieces) seconds += piece.new_s;
  return seconds;
}

TEST(MediaCutterTest, PiecesSoundAsTheWholeDoes) {
  const auto decoder = MakeRecordingDecoder(base::AudioConfig{}, SPEECHCOACH_DECODE_PROGRAM);
  for (const auto& [format, name] : {std::pair<std::string, const char*>{"webm_opus", "good.webm"}, {"ogg_opus", "good.ogg"}}) {
    const auto bytes = Recording(name);
    const auto whole = decoder->Decode(bytes, format);
    ASSERT_TRUE(whole.ok());
    std::vector<float> joined;
    for (const MediaPiece& piece : PiecesOf(format, bytes, 700)) {
      const auto clip = decoder->Decode(piece.bytes, format);
      ASSERT_TRUE(clip.ok()) << name << ": " << clip.error().message;
      const auto wanted = static_cast<std::size_t>(std::lround(piece.new_s * model::kSampleRateHz));
      const std::size_t count = std::min(wanted, clip->samples.size());
      // The first piece lacks what the codec delays by.
      EXPECT_GE(count + model::kSampleRateHz / 50, wanted) << name;
      joined.insert(joined.end(), clip->samples.end() - static_cast<std::ptrdiff_t>(count), clip->samples.end());
    }
    ASSERT_GE(joined.size() + model::kSampleRateHz / 2, whole->samples.size()) << "less than two least pieces are left over";
    const std::size_t count = std::min(joined.size(), whole->samples.size());
    double difference = 0.0;
    double energy = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      difference += std::pow(joined[i] - whole->samples[i], 2.0);
      energy += std::pow(whole->samples[i], 2.0);
    }
    EXPECT_LT(difference, 0.03 * energy) << name << ": the codec has nearly found its feet at each joint";
  }
}

TEST(MediaCutterTest, APieceIsAboutASecondAtMost) {
  const SilentOpus recording(5.04);
  const auto pieces = PiecesOf("ogg_opus", recording.bytes(), recording.bytes().size());
  // Pages of SilentOpus are longer than a second: they are never cut.
  EXPECT_NEAR(SecondsOf(pieces), 5.04, 1e-9);
  const auto webm = Recording("good.webm");
  for (const MediaPiece& piece : PiecesOf("webm_opus", webm, webm.size())) EXPECT_LE(piece.new_s, 1.12);
}

RC_GTEST_PROP(MediaCutterTest, HowItIsCutOnTheWayMakesNoDifferenceToWhatIsTold, ()) {
  static const auto webm = Recording("good.webm");
  static const double seconds = SecondsOf(PiecesOf("webm_opus", webm, webm.size()));
  const auto step = *rc::gen::inRange<std::size_t>(1, 5000);
  RC_ASSERT(std::abs(SecondsOf(PiecesOf("webm_opus", webm, step)) - seconds) < 0.25);
}

RC_GTEST_PROP(MediaCutterTest, DamageIsNoHarm, ()) {
  const bool is_webm = *rc::gen::arbitrary<bool>();
  auto bytes = Recording(is_webm ? "good.webm" : "good.ogg");
  for (int i = *rc::gen::inRange(1, 20); i > 0; --i)
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<std::uint8_t>();
  RC_ASSERT(SecondsOf(PiecesOf(is_webm ? "webm_opus" : "ogg_opus", bytes, 1000)) <= kMaxSeconds + 0.5);
}

TEST(MediaCutterTest, WhatSaysThatItIsTooLongIsNotCut) {
  const SilentOpus recording(60.0);
  EXPECT_LE(SecondsOf(PiecesOf("ogg_opus", recording.bytes(), 100)), kMaxSeconds + 0.5);
  EXPECT_FALSE(MakeMediaCutter("ogg_opus", kMaxSeconds)->Append(recording.bytes()));
}

TEST(MediaCutterTest, RefusesWhatIsNoSuchContainer) {
  const auto wav = Recording("good.wav");
  for (const char* format : {"webm_opus", "ogg_opus"}) EXPECT_FALSE(MakeMediaCutter(format, kMaxSeconds)->Append(wav)) << format;
  EXPECT_EQ(MakeMediaCutter("wav", kMaxSeconds), nullptr);
}

}  // namespace
}  // namespace speechcoach::audio
