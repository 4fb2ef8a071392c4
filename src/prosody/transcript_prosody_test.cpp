#include "prosody/transcript_prosody.h"

#include <gtest/gtest.h>

#include <limits>

#include "prosody/prosody_extractor.h"
#include "prosody/test_signals.h"
#include "prosody/word_text.h"

namespace speechcoach::prosody {
namespace {

using model::PausePlace;

model::ProsodyReport ReportWithPause(double start_s, double end_s) {
  model::ProsodyReport report;
  report.speech_end_s = 4.0;
  report.pauses.positions = {{start_s, end_s}};
  return report;
}

PausePlace PlaceOf(double start_s, double end_s, const std::vector<model::Word>& words) {
  model::ProsodyReport report = ReportWithPause(start_s, end_s);
  PlacePauses(report, words);
  return report.pauses.positions[0].place;
}

TEST(PausePlaces, JointsAreAfterPunctuationAndBeforeFunctionWords) {
  EXPECT_EQ(PlaceOf(1.0, 1.5, {{"Yes,", 0.5, 1.0, 1}, {"cats", 1.5, 2.0, 1}}), PausePlace::kBoundary);
  EXPECT_EQ(PlaceOf(1.0, 1.5, {{"went", 0.5, 1.0, 1}, {"to", 1.5, 2.0, 1}}), PausePlace::kBoundary);
  EXPECT_EQ(PlaceOf(1.0, 1.5, {{"the", 0.5, 1.0, 1}, {"market", 1.5, 2.0, 1}}), PausePlace::kWithinPhrase);
  EXPECT_EQ(PlaceOf(1.0, 1.5, {{"big", 0.5, 1.0, 1}, {"market", 1.5, 2.0, 1}}), PausePlace::kWithinPhrase);
}

TEST(PausePlaces, AWordThatTookThePauseInStillMeetsTheNextThere) {
  // Recognisers let a word last until the next one begins.
  EXPECT_EQ(PlaceOf(1.0, 1.6, {{"market.", 0.5, 1.55, 1}, {"The", 1.55, 2.0, 1}}), PausePlace::kBoundary);
  EXPECT_EQ(PlaceOf(1.0, 1.5, {{"market.", 0.5, 2.5, 1}, {"The", 2.5, 3.0, 1}}), PausePlace::kWithinPhrase);
}

TEST(FilledPauseWords, JoinThoseOfTheSound) {
  model::ProsodyReport report = ReportWithPause(1.0, 1.5);
  report.rhythm.filled_pauses = {{0.5, 0.9}, {2.0, 2.5}};
  JoinFilledPauses(report, {{"Um,", 0.5, 0.95, 1}, {"so", 1.9, 2.6, 1}, {"uh", 3.0, 3.3, 1}});
  ASSERT_EQ(report.rhythm.filled_pauses.size(), 2U);  // the one inside "so" is that word
  EXPECT_EQ(report.rhythm.filled_pauses[0].start_s, 0.5);
  EXPECT_EQ(report.rhythm.filled_pauses[1].start_s, 3.0);
}

TEST(PhrasesOfWords, EndAtPausesAndPunctuation) {
  const model::ProsodyReport report = ReportWithPause(2.0, 2.5);
  const std::vector<model::Word> words{
      {"Yes,", 0.0, 0.4, 1}, {"I", 0.4, 0.6, 1}, {"went", 0.6, 2.0, 1}, {"to", 2.5, 3.0, 1}, {"town.", 3.0, 3.8, 1}};
  const std::vector<model::Phrase> phrases = PhrasesOfWords(report, words);
  ASSERT_EQ(phrases.size(), 3U);
  EXPECT_EQ(phrases[0].last_word, 0U);
  EXPECT_EQ(phrases[1].first_word, 1U);
  EXPECT_EQ(phrases[1].last_word, 2U);
  EXPECT_EQ(phrases[1].end_s, 2.0);
  EXPECT_EQ(phrases[2].start_s, 2.5);
  EXPECT_EQ(phrases[2].end_s, 4.0);
}

TEST(ProminentWords, AreHigherLouderOrLonger) {
  const auto syllable = [](double f0_hz, double amplitude, double seconds) { return Faded(Vowel(f0_hz, seconds, amplitude)); };
  const Samples gap = Scaled(Noise(0.05, 1.0), 0.001);
  const Samples weak = syllable(130.0, 0.12, 0.12) + gap;
  const Samples strong = syllable(170.0, 0.3, 0.28) + gap;
  SoundProsodyExtractor extractor;
  model::ProsodyReport report =
      extractor.Extract({Silence(0.3) + weak + weak + strong + weak + weak + Silence(0.3), false}).value();
  AddTranscript(
      report,
      {"it was today for me",
       {{"it", 0.3, 0.46, 1}, {"was", 0.47, 0.63, 1}, {"today", 0.64, 0.96, 1}, {"for", 0.97, 1.13, 1}, {"me", 1.14, 1.3, 1}},
       1.0,
       "test",
       false});
  ASSERT_EQ(report.words.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(report.words[i].prominent, i == 2) << i << ": " << report.words[i].prominence;
    EXPECT_EQ(report.words[i].expected, i == 2) << i;
  }
}

TEST(AddTranscript, LeavesAReportAloneWhereTheWordsHaveNoTimes) {
  model::ProsodyReport report = ReportWithPause(1.0, 1.5);
  AddTranscript(report,
                {"a b", {{"a", 0.0, std::numeric_limits<double>::quiet_NaN(), 1}, {"b", 1.0, 2.0, 1}}, 1.0, "test", false});
  EXPECT_TRUE(report.words.empty());
  EXPECT_EQ(report.pauses.positions[0].place, PausePlace::kUnknown);
}

TEST(WordText, KnowsJointsAndFunctionWords) {
  EXPECT_EQ(PlainWord("\"Today?\""), "today");
  EXPECT_TRUE(EndsWithPunctuation("today?\"") && EndsWithPunctuation("so,") && !EndsWithPunctuation("today") &&
              !EndsWithPunctuation(""));
  EXPECT_TRUE(IsFunctionWord("The") && IsFunctionWord("I'm") && IsFunctionWord("to,"));
  EXPECT_FALSE(IsFunctionWord("market") || IsFunctionWord(""));
}

}  // namespace
}  // namespace speechcoach::prosody
