#include "prosody/live_prosody.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "prosody/streaming_prosody.h"
#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

// In pieces of 100 ms.
template <typename Ear>
std::vector<ProvisionalPoint> PointsOf(Ear& ear, const Samples& sound) {
  std::vector<ProvisionalPoint> points;
  for (std::size_t at = 0; at < sound.size(); at += 1600) {
    const auto told = ear.Append({sound.data() + at, std::min<std::size_t>(1600, sound.size() - at)});
    points.insert(points.end(), told.begin(), told.end());
  }
  return points;
}

TEST(LiveProsody, TellsWhatTheStreamingExtractionTells) {
  LiveProsody live;
  const auto voice = live.Begin();
  StreamingProsody streaming;
  const Samples sound = Silence(0.3) + Vowel([](double t) { return 150.0 + 20.0 * t; }, 2.0, 0.3) + Silence(0.5);
  const auto points = PointsOf(*voice, sound);
  const auto expected = PointsOf(streaming, sound);
  ASSERT_EQ(points.size(), expected.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_EQ(points[i].time_s, expected[i].time_s);
    EXPECT_EQ(points[i].f0_hz, expected[i].f0_hz);
    EXPECT_EQ(points[i].level_dbfs, expected[i].level_dbfs);
  }
}

TEST(LiveProsody, TellsEveryMomentOnceHoweverLongTheRecording) {
  LiveProsody live;
  const auto voice = live.Begin();
  const auto f0_hz = [](double t) { return 140.0 + 4.0 * t; };
  const auto points = PointsOf(*voice, Vowel(f0_hz, 20.0, 0.3));
  ASSERT_GT(points.size(), 980U);
  for (std::size_t i = 1; i < points.size(); ++i) EXPECT_NEAR(points[i].time_s - points[i - 1].time_s, 0.02, 1e-9);
  const auto off = std::ranges::count_if(points, [&](const ProvisionalPoint& point) {
    return std::abs(point.f0_hz - f0_hz(point.time_s)) > 0.03 * f0_hz(point.time_s);
  });
  EXPECT_LT(off, 10);
}

TEST(LiveProsody, TakesNoNoiseForAVoiceBecauseTheVoiceIsLongAgo) {
  LiveProsody live;
  const auto voice = live.Begin();
  const auto points = PointsOf(*voice, Vowel(180.0, 3.0, 0.3) + Sine(120.0, 12.0, 0.003));
  const auto hummed =
      std::ranges::count_if(points, [](const ProvisionalPoint& point) { return point.time_s > 3.2 && point.f0_hz > 0.0; });
  EXPECT_EQ(hummed, 0);
}

TEST(LiveProsody, HearsOnlySoManyAtOnce) {
  LiveProsody live(2);
  auto first = live.Begin();
  const auto second = live.Begin();
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(live.Begin(), nullptr);
  first.reset();
  EXPECT_NE(live.Begin(), nullptr);
}

}  // namespace
}  // namespace speechcoach::prosody
