#include "scoring/feedback_writer.h"
#include "scoring/feedback_checker.h"
#include "scoring/internal/sound_findings.h"
#include "scoring/written_feedback.h"

#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scoring/internal/sound_tips.h"
#include "scoring/internal/wording.h"
#include "scoring/random_recordings.h"

namespace speechcoach::scoring {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> AllTexts(const model::Feedback& feedback) {
  std::vector<std::string> texts = feedback.detailed.strengths;
  texts.insert(texts.end(), feedback.detailed.improvements.begin(), feedback.detailed.improvements.end());
  texts.push_back(feedback.conversational);
  texts.push_back(feedback.detailed.prosody_notes);
  return texts;
}

std::string AllText(const model::Feedback& feedback) {
  std::string all;
  for (const std::string& text : AllTexts(feedback)) all += text + "\n";
  return all;
}

TEST(FeedbackTest, LabelsAreOfTheClosedSets) {
  const std::set<std::string> emotions{"neutral", "neutral_polite", "enthusiastic", "hesitant", "nervous", "flat"};
  const std::set<std::string> levels{"low", "moderate", "high"};
  RandomRecordings recordings(7);
  std::set<std::string> emotions_seen;
  for (int i = 0; i < 2'000; ++i) {
    const auto detailed = Write(recordings.Next()).feedback.detailed;
    emotions_seen.insert(detailed.emotion_detected);
    ASSERT_THAT(levels, Contains(detailed.confidence_level));
  }
  EXPECT_EQ(emotions_seen, emotions);
}

TEST(FeedbackTest, NamesTheMissedWordAndTheTip) {
  Speaker speaker;
  speaker.reference = "She reads three books every week.";
  speaker.heard = "She reads three every week.";
  const auto feedback = Write(EvidenceOf(speaker)).feedback;
  EXPECT_THAT(feedback.conversational, HasSubstr("“books”"));
  EXPECT_THAT(feedback.detailed.improvements, Contains(testing::AllOf(HasSubstr("“books”"), HasSubstr("hử chú ý"))));
}

TEST(FeedbackTest, SaysWhatAWordWasHeardAs) {
  Speaker speaker;
  speaker.reference = "She reads three books every week.";
  speaker.heard = "She reads three book every week.";
  EXPECT_THAT(Write(EvidenceOf(speaker)).feedback.conversational, testing::AllOf(HasSubstr("“books”"), HasSubstr("“book”")));
}

TEST(FeedbackTest, SaysWhichWordsWereSaidTwice) {
  Speaker speaker;
  speaker.reference = speaker.heard = "She reads three books every week.";
  Evidence evidence = EvidenceOf(speaker);
  model::PronunciationReport pronunciation;
  pronunciation.ratings = {9.0, 9.0, 9.0, 9.0};
  pronunciation.text_match = 1.0;
  pronunciation.miscues = {{model::MiscueKind::kRepeated, "books", "books"}};
  evidence.pronunciation = pronunciation;
  for (const model::Locale locale : {model::Locale::kVi, model::Locale::kEn}) {
    evidence.locale = locale;
    const Written written = Write(evidence);
    EXPECT_THAT(written.feedback.detailed.improvements, Contains(HasSubstr("“books”")));
    EXPECT_THAT(FaultsOf(written.feedback, written.evidence, written.report), testing::IsEmpty());
  }
  evidence.pronunciation->miscues.clear();
  EXPECT_THAT(AllText(Write(evidence).feedback), Not(HasSubstr("“books”")));
}

TEST(FeedbackTest, CountsLongPauses) {
  Speaker speaker;
  speaker.pauses_s = {1.2, 0.9, 0.3};
  const std::string text = Write(EvidenceOf(speaker)).feedback.conversational;
  EXPECT_THAT(text, testing::AllOf(HasSubstr("2"), HasSubstr("1,2")));
}

TEST(FeedbackTest, PlacesTheOnlyLongPauseAfterItsWord) {
  Speaker speaker;
  speaker.heard = "I like green tea";
  speaker.pauses_s = {1.0};
  Evidence evidence = EvidenceOf(speaker);
  const model::Pause pause = evidence.prosody.pauses.positions.front();
  auto& words = evidence.transcript->words;
  words[1].end_s = pause.start_s;
  words[2].start_s = pause.end_s;
  EXPECT_THAT(AllText(Write(evidence).feedback), HasSubstr("“like”"));
}

TEST(FeedbackTest, HearsTheEndOfAQuestion) {
  Speaker speaker;
  speaker.heard = speaker.reference = "Do you like chicken and rice?";
  speaker.end_semitones = -5.0;
  EXPECT_THAT(Write(EvidenceOf(speaker)).feedback.conversational, HasSubstr("Yes/No"));
  speaker.end_semitones = 5.0;
  EXPECT_THAT(AllText(Write(EvidenceOf(speaker)).feedback), Not(HasSubstr("xuống giọng")));
}

TEST(FeedbackTest, SilenceIsNotPraisedForSpeaking) {
  Speaker silent;
  silent.heard.clear();
  silent.syllables = 0;
  const auto feedback = Write(EvidenceOf(silent)).feedback;
  EXPECT_THAT(feedback.detailed.improvements.front(), testing::AnyOf(HasSubstr("micrô"), HasSubstr("micro")));
  EXPECT_EQ(feedback.detailed.confidence_level, "low");
}

TEST(FeedbackTest, SaysWhatCouldNotBeMeasured) {
  Evidence evidence = EvidenceOf({});
  evidence.transcript.reset();
  EXPECT_THAT(Write(evidence).feedback.conversational, HasSubstr("tạm tính"));
  evidence = EvidenceOf({});
  evidence.prosody.minimal = true;
  EXPECT_THAT(Write(evidence).feedback.conversational, HasSubstr("ngữ điệu"));
}

TEST(FeedbackTest, SameEvidenceSameWords) {
  RandomRecordings recordings(1);
  const Evidence evidence = recordings.Next();
  EXPECT_EQ(AllText(Write(evidence).feedback), AllText(Write(evidence).feedback));
}

TEST(AsDegradedTest, StartsWithTheSentenceForABusySystem) {
  Evidence evidence = EvidenceOf({});
  const auto vi = Write(evidence);
  EXPECT_THAT(AsDegraded(vi.feedback, evidence, vi.report).conversational,
              StartsWith("Hệ thống AI đang bận, đây là phân tích sơ bộ: Bạn nói với độ tự tin " +
                         OneDecimal(vi.report.scores.confidence, model::Locale::kVi) + "/10. " + vi.feedback.conversational));
  evidence.locale = model::Locale::kEn;
  const auto en = Write(evidence);
  EXPECT_THAT(AsDegraded(en.feedback, evidence, en.report).conversational, StartsWith("The AI system is busy"));
}

SoundFinding MissingFinalS() {
  SoundFinding sound;
  sound.word = "books";
  sound.phone = "S";
  sound.verdict = SoundFinding::Verdict::kDeleted;
  sound.position = SoundFinding::Position::kFinal;
  sound.confidence = 0.9;
  sound.tip_vi = "Kéo dài hơi ở cuối từ.";
  return sound;
}

Evidence ReadsBooks() {
  Speaker speaker;
  speaker.heard = speaker.reference = "She reads three books every week.";
  return EvidenceOf(speaker);
}

TEST(FeedbackTest, NamesTheSoundAndHowToMakeIt) {
  Evidence evidence = ReadsBooks();
  evidence.sounds = {MissingFinalS()};
  const auto feedback = Write(evidence).feedback;
  EXPECT_THAT(feedback.conversational, testing::AllOf(HasSubstr("“books”"), HasSubstr("/s/")));
  EXPECT_THAT(feedback.detailed.improvements, Contains(testing::AllOf(HasSubstr("/s/"), HasSubstr("– kéo dài hơi ở cuối từ"))));
}

TEST(FeedbackTest, AnUncertainSoundIsNotMentioned) {
  Evidence evidence = ReadsBooks();
  evidence.sounds = {MissingFinalS()};
  evidence.sounds[0].confidence = 0.4;
  EXPECT_THAT(AllText(Write(evidence).feedback), Not(HasSubstr("/s/")));
}

// Both are how half of the English-speaking world talks, or nothing that a mouth does.
TEST(FeedbackTest, NeitherABritishRNorAVowelHeardAsAConsonantIsAMistake) {
  const auto remarks = [](std::string phone, std::string heard, SoundFinding::Position position) {
    SoundFinding sound = MissingFinalS();
    sound.phone = std::move(phone);
    sound.heard = std::move(heard);
    sound.verdict = sound.heard.empty() ? SoundFinding::Verdict::kDeleted : SoundFinding::Verdict::kSubstituted;
    sound.position = position;
    return FindSounds({sound}, model::Locale::kVi).size();
  };
  using enum SoundFinding::Position;
  EXPECT_EQ(remarks("R", "", kFinal), 0u);
  EXPECT_EQ(remarks("R", "AH", kFinal), 0u);
  EXPECT_EQ(remarks("AA", "R", kInitial), 0u);
  EXPECT_EQ(remarks("R", "L", kFinal), 1u);
  EXPECT_EQ(remarks("R", "", kInitial), 1u);
  EXPECT_EQ(remarks("L", "UH", kFinal), 1u);
  EXPECT_EQ(remarks("AE", "EH", kMedial), 1u);
}

// A word that the recogniser made up in the place of the sentence's is nobody's.
TEST(FeedbackTest, AReadingIsToldOnlyOfWordsThatStandInIt) {
  Speaker speaker;
  speaker.heard = "I like grey tea";
  speaker.reference = "I like green tea";
  speaker.pauses_s = {1.0};
  Evidence evidence = EvidenceOf(speaker);
  const model::Pause pause = evidence.prosody.pauses.positions.front();
  auto& words = evidence.transcript->words;
  words[2].end_s = pause.start_s;
  words[3].start_s = pause.end_s;
  const auto says = [&] { return Write(evidence).feedback.detailed.improvements; };
  EXPECT_THAT(says(), testing::Each(Not(testing::AllOf(HasSubstr("“grey”"), Not(HasSubstr("“green”"))))));
  evidence.reference_text = speaker.heard;
  EXPECT_THAT(AllText(Write(evidence).feedback), HasSubstr("“grey”"));
}

TEST(FeedbackTest, WhatCouldNotBeMadeOutIsNotTakenApart) {
  Speaker speaker;
  speaker.heard = "Boi teng la lan books";
  Evidence evidence = EvidenceOf(speaker);
  evidence.sounds = {MissingFinalS()};
  evidence.transcript->confidence = 0.6;
  EXPECT_THAT(AllText(Write(evidence).feedback), HasSubstr("“books”"));
  evidence.transcript->confidence = 0.3;
  EXPECT_THAT(AllText(Write(evidence).feedback), Not(HasSubstr("“")));
}

TEST(FeedbackTest, ASoundThatFailsOftenIsNamedOnce) {
  Evidence evidence = ReadsBooks();
  evidence.sounds = {MissingFinalS(), MissingFinalS()};
  evidence.sounds[1].word = "reads";
  EXPECT_THAT(Write(evidence).feedback.conversational, HasSubstr("“books”, “reads”"));
}

TEST(FeedbackTest, PraisesProgressWithBothScores) {
  Evidence evidence = ReadsBooks();
  const model::Scores now = ComputeScores(evidence).scores;
  evidence.history = LearnerHistory{2, 0.0, now, {}, {}};
  evidence.history->last->fluency = now.fluency - 1.5;
  const auto strengths = Write(evidence).feedback.detailed.strengths;
  EXPECT_THAT(strengths,
              Contains(testing::AllOf(HasSubstr("độ trôi chảy"), HasSubstr(OneDecimal(now.fluency - 1.5, evidence.locale)),
                                      HasSubstr(OneDecimal(now.fluency, evidence.locale)))));
}

TEST(FeedbackTest, AWordThatFailedLastTimeIsPraisedOnceItIsRead) {
  Evidence evidence = ReadsBooks();
  evidence.history = LearnerHistory{1, 0.0, std::nullopt, {"three"}, {}};
  EXPECT_THAT(AllText(Write(evidence).feedback), HasSubstr("“three”"));
}

TEST(FeedbackTest, AWordThatFailsAgainGetsOtherAdvice) {
  Speaker speaker;
  speaker.reference = "She reads three books every week.";
  speaker.heard = "She reads tree books every week.";
  Evidence evidence = EvidenceOf(speaker);
  evidence.history = LearnerHistory{1, 0.0, std::nullopt, {"three"}, {}};
  EXPECT_THAT(Write(evidence).feedback.detailed.improvements, Contains(HasSubstr("lần")));
}

TEST(FeedbackTest, BeginnersGetFewerPointsAndMorePatience) {
  Speaker speaker;
  speaker.syllable_s = 0.55;
  speaker.heard = "I like green tea and rice";
  speaker.syllables = 7;
  Evidence evidence = EvidenceOf(speaker);
  evidence.prosody.speaking_rate.words_per_minute = 78.0;
  evidence.level = "A1";
  EXPECT_THAT(AllText(Write(evidence).feedback), Not(HasSubstr("hơi chậm")));
  RandomRecordings recordings(3);
  for (int i = 0; i < 500; ++i) {
    Evidence beginner = recordings.Next();
    beginner.level = "A2";
    ASSERT_LE(Write(beginner).feedback.detailed.improvements.size(), 5u);
  }
}

TEST(FeedbackTest, TheSessionChoosesAmongEqualWordings) {
  Evidence evidence = ReadsBooks();
  std::set<std::string> talks;
  for (const char* session : {"a", "b", "c", "d", "e", "f"}) {
    evidence.session_id = session;
    talks.insert(Write(evidence).feedback.conversational);
  }
  EXPECT_GT(talks.size(), 3u);
}

TEST(SoundTipTest, FollowsTheSpelling) {
  EXPECT_EQ(SoundTip("books", "book"), Topic::kTipFinalS);
  EXPECT_EQ(SoundTip("months", "month"), Topic::kTipFinalS);
  EXPECT_EQ(SoundTip("three", "tree"), Topic::kTipTh);
  EXPECT_EQ(SoundTip("asked", ""), Topic::kTipEd);
  EXPECT_EQ(SoundTip("shirt", "sirt"), Topic::kTipSh);
  EXPECT_EQ(SoundTip("books", "window"), std::nullopt);
  EXPECT_EQ(SoundTip("against", ""), Topic::kTipFinalCluster);
  EXPECT_EQ(SoundTip("right", ""), Topic::kTipFinalConsonant);
  EXPECT_EQ(SoundTip("Thailand", ""), Topic::kTipFinalCluster);
  EXPECT_EQ(SoundTip("you", ""), std::nullopt);
  EXPECT_EQ(SoundTip("", ""), std::nullopt);
}

}  // namespace
}  // namespace speechcoach::scoring
