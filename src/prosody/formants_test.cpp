#include "prosody/formants.h"

#include <gtest/gtest.h>

#include <cmath>

#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

TEST(Formants, AreTheResonancesOfTheTract) {
  for (const auto& [f1_hz, f2_hz] : {std::pair{300.0, 2300.0}, {700.0, 1200.0}, {500.0, 1500.0}}) {
    for (const double f0_hz : {90.0, 130.0}) {
      const std::vector<Formant> formants =
          FormantAnalysis({.number_of_formants = 2}).At(Resonant(f0_hz, f1_hz, f2_hz, 0.5, 0.3), 0.25);
      ASSERT_GE(formants.size(), 2U);
      EXPECT_NEAR(formants[0].frequency_hz, f1_hz, 0.12 * f1_hz) << f0_hz;
      EXPECT_NEAR(formants[1].frequency_hz, f2_hz, 0.05 * f2_hz) << f0_hz;
      EXPECT_LT(formants[1].bandwidth_hz, 300.0);
    }
  }
}

TEST(Formants, SilenceHasNone) {
  EXPECT_TRUE(DefaultFormants().At(Silence(0.5), 0.25).empty());
  EXPECT_TRUE(DefaultFormants().At({}, 0.0).empty());
}

TEST(Formants, ExistAtTheEndsOfTheRecordingAndBeyond) {
  const Samples voice = Resonant(120.0, 500.0, 1500.0, 0.3, 0.3);
  for (const double time_s : {-1.0, 0.0, 0.01, 0.3, 5.0}) {
    for (const Formant& formant : DefaultFormants().At(voice, time_s)) {
      EXPECT_TRUE(std::isfinite(formant.frequency_hz) && std::isfinite(formant.bandwidth_hz));
    }
  }
}

}  // namespace
}  // namespace speechcoach::prosody
