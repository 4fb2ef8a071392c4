#include "scoring/scoring.h"

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "scoring/internal/final_pitch.h"
#include "scoring/internal/speech_measures.h"
#include "scoring/test_evidence.h"

namespace speechcoach::scoring {
namespace {

model::Scores ScoresOf(const Speaker& speaker) { return ComputeScores(EvidenceOf(speaker)).scores; }

std::vector<double> AllOf(const model::Scores& s) {
  return {s.overall, s.pronunciation, s.prosody, s.emotion, s.confidence, s.fluency};
}

void ExpectShowable(const model::Scores& scores) {
  for (const double score : AllOf(scores)) {
    RC_ASSERT(score >= 0.0 && score <= 10.0);
    RC_ASSERT(std::abs(score * 10.0 - std::round(score * 10.0)) < 1e-9);
  }
}

std::string Join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// Values that a healthy stage never sends.
rc::Gen<double> Hostile() {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  return rc::gen::oneOf(rc::gen::arbitrary<double>(),
                        rc::gen::element(0.0, -0.0, -1.0, 1.0, 1e-300, 1e300, -1e300, kInf, -kInf,
                                         std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::denorm_min()));
}

Evidence HostileEvidence() {
  Evidence evidence;
  evidence.mode = *rc::gen::element(model::Mode::kConversation, model::Mode::kSentencePractice);
  evidence.reference_text = *rc::gen::arbitrary<std::string>();
  evidence.audio_duration_s = *Hostile();
  if (*rc::gen::arbitrary<bool>()) {
    model::Transcript transcript;
    for (const auto& text : *rc::gen::arbitrary<std::vector<std::string>>()) {
      transcript.words.push_back({text, *Hostile(), *Hostile(), *Hostile()});
    }
    evidence.transcript = transcript;
  }
  model::ProsodyReport& prosody = evidence.prosody;
  prosody.pitch.mean_hz = *Hostile();
  prosody.pitch.std_hz = *Hostile();
  for (int i = *rc::gen::inRange(0, 40); i > 0; --i) prosody.pitch.contour.push_back({*Hostile(), *Hostile()});
  prosody.energy = {*Hostile(), *Hostile()};
  prosody.speaking_rate.syllables_per_second = *Hostile();
  if (*rc::gen::arbitrary<bool>()) prosody.speaking_rate.words_per_minute = *Hostile();
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) prosody.pauses.positions.push_back({*Hostile(), *Hostile()});
  prosody.confidence = {*Hostile(), *Hostile(), *Hostile()};
  prosody.speech_start_s = *Hostile();
  prosody.speech_end_s = *Hostile();
  prosody.minimal = *rc::gen::arbitrary<bool>();
  return evidence;
}

Speaker AnySpeaker() {
  Speaker speaker;
  speaker.word_confidence = *rc::gen::inRange(0, 101) / 100.0;
  speaker.syllable_s = *rc::gen::inRange(8, 60) / 100.0;
  speaker.syllables = *rc::gen::inRange(2, 40);
  speaker.swing_semitones = *rc::gen::inRange(0, 80) / 10.0;
  speaker.dynamic_range = *rc::gen::inRange(0, 101) / 100.0;
  speaker.hesitation = *rc::gen::inRange(0, 101) / 100.0;
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) speaker.pauses_s.push_back(*rc::gen::inRange(20, 200) / 100.0);
  return speaker;
}

TEST(ComputeScoresTest, AGoodReadingScoresHighEverywhere) {
  Speaker speaker;
  speaker.reference = speaker.heard;
  const auto report = ComputeScores(EvidenceOf(speaker));
  for (const double score : AllOf(report.scores)) EXPECT_GE(score, 7.0);
  EXPECT_TRUE(report.miscues.empty());
}

TEST(ComputeScoresTest, AnotherSentenceScoresLowInPronunciation) {
  Speaker speaker;
  speaker.reference = "The weather is better than it was yesterday";
  speaker.word_confidence = 1.0;
  EXPECT_LE(ScoresOf(speaker).pronunciation, 2.0);
}

TEST(ComputeScoresTest, SilenceScoresNothing) {
  Speaker silent;
  silent.heard.clear();
  silent.syllables = 0;
  EXPECT_EQ(AllOf(ScoresOf(silent)), std::vector<double>(6, 0.0));
  silent.reference = "Good morning";
  const auto report = ComputeScores(EvidenceOf(silent));
  EXPECT_EQ(AllOf(report.scores), std::vector<double>(6, 0.0));
  EXPECT_EQ(report.miscues.size(), 2u);
}

TEST(ComputeScoresTest, SoundWithoutWordsScoresNothing) {
  Speaker humming;
  humming.heard.clear();
  EXPECT_EQ(AllOf(ScoresOf(humming)), std::vector<double>(6, 0.0));
}

TEST(ComputeScoresTest, WithoutTranscriptPronunciationIsTheMiddle) {
  Evidence evidence = EvidenceOf({});
  evidence.reference_text = "I usually walk to school";
  evidence.mode = model::Mode::kSentencePractice;
  evidence.transcript.reset();
  const auto report = ComputeScores(evidence);
  EXPECT_EQ(report.scores.pronunciation, 5.0);
  EXPECT_GT(report.scores.fluency, 6.0);
  EXPECT_TRUE(report.miscues.empty());
}

TEST(ComputeScoresTest, WithoutMelodyProsodyIsAtMostTheMiddle) {
  Evidence evidence = EvidenceOf({});
  evidence.prosody.minimal = true;
  const auto scores = ComputeScores(evidence).scores;
  EXPECT_LE(scores.prosody, 5.0);
  EXPECT_LE(scores.emotion, 5.0);
}

TEST(ComputeScoresTest, AFlatVoiceScoresLowInProsody) {
  Speaker flat;
  flat.swing_semitones = 0.3;
  EXPECT_LE(ScoresOf(flat).prosody, 4.0);
}

TEST(ComputeScoresTest, OneClearWordIsNoProof) {
  Speaker brief;
  brief.heard = "Hello";
  brief.word_confidence = 1.0;
  EXPECT_LE(ScoresOf(brief).pronunciation, 7.0);
}

TEST(ComputeScoresTest, OctaveErrorsDoNotMakeAVoiceLively) {
  Speaker flat;
  flat.swing_semitones = 0.3;
  Evidence evidence = EvidenceOf(flat);
  const auto before = ComputeScores(evidence).scores;
  for (std::size_t i = 40; i < 55; ++i) evidence.prosody.pitch.contour[i].f0_hz *= 2.0;
  EXPECT_EQ(ComputeScores(evidence).scores.prosody, before.prosody);
}

RC_GTEST_PROP(ComputeScoresProperty, OverallIsTheWeakestLinkBlend, ()) {
  const auto scores = ScoresOf(AnySpeaker());
  const double lowest = std::min({scores.pronunciation, scores.fluency, scores.prosody, scores.confidence});
  const double sum = scores.pronunciation + scores.fluency + scores.prosody + scores.confidence;
  RC_ASSERT(std::abs(scores.overall - (0.4 * lowest + 0.2 * (sum - lowest))) <= 0.05 + 1e-9);
}

RC_GTEST_PROP(ComputeScoresProperty, HostileEvidenceGivesShowableScores, ()) {
  ExpectShowable(ComputeScores(HostileEvidence()).scores);
}

RC_GTEST_PROP(ComputeScoresProperty, SameEvidenceSameScores, ()) {
  const Evidence evidence = EvidenceOf(AnySpeaker());
  RC_ASSERT(AllOf(ComputeScores(evidence).scores) == AllOf(ComputeScores(evidence).scores));
}

RC_GTEST_PROP(ComputeScoresProperty, AnOmissionNeverHelpsPronunciation, ()) {
  Speaker speaker = AnySpeaker();
  const auto words = *rc::gen::container<std::vector<std::string>>(
      *rc::gen::inRange<std::size_t>(2, 12),
      rc::gen::element<std::string>("the", "cat", "sat", "books", "think", "on", "Monday", "rice", "is", "a"));
  speaker.reference = Join(words);
  std::vector<std::string> heard{words.front(), words.back()};
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    if (*rc::gen::inRange(0, 4) > 0) heard.insert(heard.end() - 1, words[i]);
  }
  speaker.heard = Join(heard);
  Evidence evidence = EvidenceOf(speaker);
  for (auto& word : evidence.transcript->words) word.confidence = *rc::gen::inRange(0, 101) / 100.0;
  const double before = ComputeScores(evidence).scores.pronunciation;
  const auto dropped = *rc::gen::inRange<std::size_t>(0, heard.size());
  evidence.transcript->words.erase(evidence.transcript->words.begin() + static_cast<std::ptrdiff_t>(dropped));
  RC_ASSERT(ComputeScores(evidence).scores.pronunciation <= before);
}

RC_GTEST_PROP(ComputeScoresProperty, AWordThatDoesNotBelongNeverHelpsPronunciation, ()) {
  Speaker speaker = AnySpeaker();
  speaker.reference = speaker.heard;
  const double before = ScoresOf(speaker).pronunciation;
  speaker.heard += " banana";
  RC_ASSERT(ScoresOf(speaker).pronunciation <= before);
}

RC_GTEST_PROP(ComputeScoresProperty, LessSureWordsNeverHelpPronunciation, (bool reading)) {
  Speaker speaker = AnySpeaker();
  if (reading) speaker.reference = "I usually walk to the school with my sister";
  const double before = ScoresOf(speaker).pronunciation;
  speaker.word_confidence *= *rc::gen::inRange(0, 101) / 100.0;
  RC_ASSERT(ScoresOf(speaker).pronunciation <= before);
}

RC_GTEST_PROP(ComputeScoresProperty, ALongerPauseNeverHelps, ()) {
  Speaker speaker = AnySpeaker();
  if (speaker.pauses_s.empty()) speaker.pauses_s.push_back(0.2);
  const auto before = ScoresOf(speaker);
  speaker.pauses_s[*rc::gen::inRange<std::size_t>(0, speaker.pauses_s.size())] += *rc::gen::inRange(1, 300) / 100.0;
  const auto after = ScoresOf(speaker);
  RC_ASSERT(after.fluency <= before.fluency);
}

RC_GTEST_PROP(ComputeScoresProperty, OneMorePauseNeverHelpsFluency, ()) {
  Speaker speaker = AnySpeaker();
  const double before = ScoresOf(speaker).fluency;
  speaker.pauses_s.push_back(*rc::gen::inRange(20, 300) / 100.0);
  RC_ASSERT(ScoresOf(speaker).fluency <= before);
}

RC_GTEST_PROP(ComputeScoresProperty, AFlatterVoiceNeverHelpsProsodyOrEmotion, ()) {
  Speaker speaker = AnySpeaker();
  const auto before = ScoresOf(speaker);
  speaker.swing_semitones *= *rc::gen::inRange(0, 101) / 100.0;
  const auto after = ScoresOf(speaker);
  RC_ASSERT(after.prosody <= before.prosody);
  RC_ASSERT(after.emotion <= before.emotion);
}

RC_GTEST_PROP(ComputeScoresProperty, HesitationNeverHelpsConfidence, ()) {
  Speaker speaker = AnySpeaker();
  const auto before = ScoresOf(speaker);
  speaker.hesitation += (1.0 - speaker.hesitation) * *rc::gen::inRange(0, 101) / 100.0;
  const auto after = ScoresOf(speaker);
  RC_ASSERT(after.confidence <= before.confidence);
  RC_ASSERT(after.overall <= before.overall);
}

TEST(FinalPitchTest, FollowsTheLastHalfSecond) {
  Speaker speaker;
  speaker.swing_semitones = 0.0;
  speaker.end_semitones = 5.0;
  EXPECT_GT(FinalPitchMovement(ProsodyOf(speaker)).value(), 3.0);
  speaker.end_semitones = -5.0;
  EXPECT_LT(FinalPitchMovement(ProsodyOf(speaker)).value(), -3.0);
  speaker.end_semitones = 0.01;
  EXPECT_NEAR(FinalPitchMovement(ProsodyOf(speaker)).value(), 0.0, 0.1);
}

TEST(FinalPitchTest, SaysNothingWhereTheEndIsNotVoiced) {
  Speaker speaker;
  auto report = ProsodyOf(speaker);
  for (auto& point : report.pitch.contour) {
    if (point.time_s > report.speech_end_s - 0.6) point.f0_hz = 0.0;
  }
  EXPECT_FALSE(FinalPitchMovement(report).has_value());
  EXPECT_FALSE(FinalPitchMovement({}).has_value());
}

TEST(SentenceTypeTest, ReadsTheLastSentence) {
  EXPECT_EQ(TypeOfLastSentence("Do you like rice?"), SentenceType::kYesNoQuestion);
  EXPECT_EQ(TypeOfLastSentence("Wouldn't it be cheaper?"), SentenceType::kYesNoQuestion);
  EXPECT_EQ(TypeOfLastSentence("Good morning! How are you today?"), SentenceType::kWhQuestion);
  EXPECT_EQ(TypeOfLastSentence("Hello, which bus goes there?"), SentenceType::kWhQuestion);
  EXPECT_EQ(TypeOfLastSentence("Is it hot? It is very hot."), SentenceType::kStatement);
  EXPECT_EQ(TypeOfLastSentence("Would you like tea or coffee?"), SentenceType::kOther);
  EXPECT_EQ(TypeOfLastSentence("It's hot, isn't it?"), SentenceType::kOther);
  EXPECT_EQ(TypeOfLastSentence("no full stop"), SentenceType::kOther);
  EXPECT_EQ(TypeOfLastSentence(" ?! "), SentenceType::kOther);
  EXPECT_EQ(TypeOfLastSentence(""), SentenceType::kOther);
}

TEST(SpeechMeasuresTest, PausesAreClippedToTheSpeech) {
  Evidence evidence = EvidenceOf({});
  evidence.prosody.pauses.positions = {{-5.0, 0.1}, {1.0, 1.5}, {1.2, 2.0}, {100.0, 200.0}, {2.5, 2.4}};
  const auto speech = Measure(evidence);
  EXPECT_EQ(speech.pauses.size(), 2u);
  EXPECT_NEAR(speech.pause_total_s, 1.0, 1e-9);
}

}  // namespace
}  // namespace speechcoach::scoring
