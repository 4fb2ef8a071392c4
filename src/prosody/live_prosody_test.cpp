#include "prosody/live_prosody.h"

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

Samples Voiced(double f0_hz) { return Vowel(f0_hz, 1.5, 0.3); }

void Hear(LiveProsody& live, const std::vector<float>& sound) {
  const auto voice = live.Begin();
  ASSERT_NE(voice, nullptr);
  for (std::size_t at = 0; at < sound.size(); at += 1600) {
    voice->Append({sound.data() + at, std::min<std::size_t>(1600, sound.size() - at)});
  }
}

void ExpectTheSame(LiveProsody& live, const std::vector<float>& sound) {
  const auto report = live.Extract({sound, false});
  const auto anew = SoundProsodyExtractor().Extract({sound, false});
  ASSERT_TRUE(report.ok());
  ASSERT_TRUE(anew.ok());
  EXPECT_EQ(report->pitch.mean_hz, anew->pitch.mean_hz);
  EXPECT_EQ(report->hnr_db, anew->hnr_db);
  EXPECT_EQ(report->jitter_local, anew->jitter_local);
  EXPECT_EQ(report->pitch.contour.size(), anew->pitch.contour.size());
}

TEST(LiveProsody, GivesWhatTheExtractorGivesWhetherItHeardTheVoiceOrNot) {
  LiveProsody live;
  const std::vector<float> heard = Voiced(180.0);
  Hear(live, heard);
  ExpectTheSame(live, heard);
  ExpectTheSame(live, heard);  // the kept work is gone
  ExpectTheSame(live, Voiced(120.0));
}

TEST(LiveProsody, ForgetsTheOldest) {
  LiveProsody live(4, 1);
  const std::vector<float> one = Voiced(180.0);
  const std::vector<float> two = Voiced(240.0);
  Hear(live, one);
  Hear(live, two);
  ExpectTheSame(live, one);
  ExpectTheSame(live, two);
}

TEST(LiveProsody, HearsOnlySoManyAtOnce) {
  LiveProsody live(2, 1);
  auto first = live.Begin();
  const auto second = live.Begin();
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(live.Begin(), nullptr);
  first.reset();
  EXPECT_NE(live.Begin(), nullptr);
}

TEST(LiveProsody, RefusesWhatTheExtractorRefuses) {
  LiveProsody live;
  {
    const auto unheard = live.Begin();
  }
  EXPECT_EQ(live.Extract({}).error().code, base::ErrorCode::kProsodyFailed);
}

}  // namespace
}  // namespace speechcoach::prosody
