#include "prosody/filled_pauses.h"

#include <gtest/gtest.h>

#include "prosody/prosody_extractor.h"
#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

std::vector<model::FilledPause> Find(const Samples& samples) {
  SoundProsodyExtractor extractor;
  return extractor.Extract({samples, false}).value().rhythm.filled_pauses;
}

Samples Phrase() { return SyllableTrain(5, 4.0, 130.0, 0.3); }
Samples Uh(double seconds) { return Faded(Resonant(110.0, 520.0, 1350.0, seconds, 0.3)); }

TEST(FilledPauses, ALongLevelCentralVowelBetweenPausesIsOne) {
  const std::vector<model::FilledPause> found =
      Find(Silence(0.4) + Phrase() + Silence(0.4) + Uh(0.5) + Silence(0.4) + Phrase() + Silence(0.4));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].start_s, 0.4 + 1.25 + 0.4, 0.12);
  EXPECT_NEAR(found[0].end_s, found[0].start_s + 0.45, 0.12);
}

TEST(FilledPauses, AVowelThatMovesOrIsShortIsNone) {
  Samples moving = Resonant(110.0, 520.0, 1350.0, 0.25, 0.3) + Resonant(110.0, 320.0, 2200.0, 0.25, 0.3);
  EXPECT_TRUE(Find(Silence(0.4) + Phrase() + Silence(0.4) + Faded(moving) + Silence(0.4) + Phrase()).empty());
  EXPECT_TRUE(Find(Silence(0.4) + Phrase() + Silence(0.4) + Uh(0.15) + Silence(0.4) + Phrase()).empty());
  const Samples falling = Faded(Vowel([](double time_s) { return 160.0 - 120.0 * time_s; }, 0.5, 0.3));
  EXPECT_TRUE(Find(Silence(0.4) + Phrase() + Silence(0.4) + falling + Silence(0.4) + Phrase()).empty());
}

TEST(FilledPauses, FluentSpeechHasNone) { EXPECT_TRUE(Find(Silence(0.4) + Phrase() + Phrase() + Silence(0.4)).empty()); }

TEST(Fillers, AreKnownInAnySpelling) {
  for (const auto* word : {"um", "Uh,", "Um...", "erm", "Hmm."}) EXPECT_TRUE(IsFiller(word)) << word;
  for (const auto* word : {"umbrella", "", "her", "a", "…"}) EXPECT_FALSE(IsFiller(word)) << word;
}

}  // namespace
}  // namespace speechcoach::prosody
