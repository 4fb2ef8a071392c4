#include "prosody/melody.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "prosody/prosody_extractor.h"
#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

model::ProsodyReport Extract(const Samples& samples) {
  SoundProsodyExtractor extractor;
  return extractor.Extract({samples, false}).value();
}

Samples Glide(double from_hz, double to_hz, double seconds) {
  return Vowel([=](double time_s) { return from_hz * std::pow(to_hz / from_hz, time_s / seconds); }, seconds, 0.3);
}

TEST(Melody, PhraseEndsFallRiseOrStay) {
  const Samples level = Vowel(150.0, 0.8, 0.3);
  const Samples silence = Silence(0.6);
  const model::Melody melody =
      Extract(silence + level + Glide(150.0, 110.0, 0.4) + silence + level + Glide(150.0, 210.0, 0.4) + silence + level + silence)
          .melody;
  ASSERT_EQ(melody.phrases.size(), 3U);
  EXPECT_EQ(melody.phrases[0].final_tone, model::FinalTone::kFall);
  EXPECT_EQ(melody.phrases[1].final_tone, model::FinalTone::kRise);
  EXPECT_EQ(melody.phrases[2].final_tone, model::FinalTone::kLevel);
  EXPECT_NEAR(melody.phrases[0].final_movement_st.value(), 12.0 * std::log2(110.0 / 150.0), 1.5);
  EXPECT_NEAR(melody.phrases[2].final_movement_st.value(), 0.0, 0.3);
}

TEST(Melody, DeclinationIsTheSlopeOfTheWholePhrase) {
  const model::Melody sinking = Extract(Silence(0.3) + Glide(200.0, 150.0, 2.0) + Silence(0.3)).melody;
  EXPECT_NEAR(sinking.declination_st_per_s.value(), 12.0 * std::log2(150.0 / 200.0) / 2.0, 0.3);
  const model::Melody rising = Extract(Silence(0.3) + Glide(150.0, 200.0, 2.0) + Silence(0.3)).melody;
  EXPECT_GT(rising.declination_st_per_s.value(), 1.0);
}

TEST(Melody, MonotonyTellsFlatFromLively) {
  const model::Melody flat = Extract(Vowel(150.0, 2.0, 0.3)).melody;
  const auto wave = [](double time_s) { return 150.0 * std::exp2(5.0 * std::sin(6.0 * time_s) / 12.0); };
  const model::Melody lively = Extract(Vowel(wave, 2.0, 0.3)).melody;
  EXPECT_GT(flat.monotony.value(), 0.95);
  EXPECT_LT(lively.monotony.value(), 0.4);
  EXPECT_NEAR(lively.spread_st.value(), 5.0 / std::sqrt(2.0), 0.5);
}

TEST(Melody, SilenceHasNone) {
  const model::Melody melody = Extract(Silence(1.0)).melody;
  EXPECT_FALSE(melody.spread_st || melody.monotony || melody.declination_st_per_s);
  EXPECT_TRUE(melody.phrases.empty());
}

}  // namespace
}  // namespace speechcoach::prosody
