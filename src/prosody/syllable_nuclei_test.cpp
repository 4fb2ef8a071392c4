#include "prosody/syllable_nuclei.h"

#include <gtest/gtest.h>

#include <cmath>

#include "prosody/sample_time.h"
#include "prosody/sound_to_pitch.h"
#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

std::vector<double> Nuclei(const Samples& samples) {
  const Intensity intensity = SoundToIntensity(samples, {.time_step_s = 0.01});
  return FindSyllableNuclei(SoundToIntensity(samples, NucleusLevelParameters({})), SoundToPitch(samples, {}),
                            FindSounding(intensity, DurationOf(samples.size()), {}), {});
}

TEST(SyllableNuclei, AreCountedInATrain) {
  for (const double rate : {2.0, 4.0, 6.0}) {
    for (const double f0_hz : {100.0, 200.0, 300.0}) {
      const std::vector<double> nuclei = Nuclei(SyllableTrain(12, rate, f0_hz, 0.3));
      ASSERT_EQ(nuclei.size(), 12U) << rate << " a second at " << f0_hz << " Hz";
      for (std::size_t i = 0; i < nuclei.size(); ++i) {
        EXPECT_NEAR(nuclei[i], (static_cast<double>(i) + 0.5) / rate, 0.03);
      }
    }
  }
}

TEST(SyllableNuclei, OneSteadyVowelIsOneSyllable) { EXPECT_EQ(Nuclei(Vowel(150.0, 1.0, 0.3)).size(), 1U); }

TEST(SyllableNuclei, NeedAVoice) {
  Samples whisper = Noise(3.0, 0.3);
  for (std::size_t i = 0; i < whisper.size(); ++i) {
    whisper[i] *= static_cast<float>(0.5 + 0.5 * std::sin(25.0 * DurationOf(i)));
  }
  EXPECT_LE(Nuclei(whisper).size(), 1U);
  EXPECT_TRUE(Nuclei(Silence(1.0)).empty());
  EXPECT_TRUE(Nuclei(Samples{}).empty());
}

TEST(SyllableNuclei, FlickerIsNone) {
  Samples voice = Vowel(150.0, 2.0, 0.3);
  for (std::size_t i = 0; i < voice.size(); ++i) voice[i] *= static_cast<float>(1.0 + 0.05 * std::sin(25.0 * DurationOf(i)));
  EXPECT_EQ(Nuclei(voice).size(), 1U);
}

}  // namespace
}  // namespace speechcoach::prosody
