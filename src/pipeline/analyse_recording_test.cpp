#include "pipeline/analyse_recording.h"

#include <new>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/scripted_stages.h"
#include "pipeline/sound_findings.h"

namespace speechcoach::pipeline {
namespace {

using ::testing::StartsWith;

class AnalyseRecordingTest : public ::testing::Test {
 protected:
  Stages Working() { return {&transcriber_, &prosody_, nullptr, &rules_}; }

  base::Result<model::Analysis> Analyse(const Stages& stages, AnalysisRequest request = {}) {
    AnalysisObserver observer;
    observer.on_progress = [this](int percent, model::Stage) { percents_.push_back(percent); };
    observer.on_transcript = [this](const model::Transcript&) { ++transcripts_; };
    observer.on_prosody = [this](const model::ProsodyReport& report) {
      ++prosody_reports_;
      told_words_per_minute_ = report.speaking_rate.words_per_minute;
    };
    observer.on_pronunciation = [this](const model::PronunciationReport&) { ++pronunciation_reports_; };
    observer.on_failure = [this](const model::StageFailure& failure) { failures_.insert(failure.stage); };
    return AnalyseRecording(TestClip("good.wav"), request, stages, observer);
  }

  ScriptedTranscriber transcriber_;
  prosody::SoundProsodyExtractor prosody_;
  scoring::RuleFeedbackWriter rules_;
  ScriptedAssessor assessor_;
  ScriptedEncoder encoder_;
  FailingProsody failing_prosody_;
  FailingFeedbackWriter failing_llm_;
  std::vector<int> percents_;
  std::set<model::Stage> failures_;
  int transcripts_ = 0;
  int prosody_reports_ = 0;
  int pronunciation_reports_ = 0;
  std::optional<double> told_words_per_minute_;
};

TEST_F(AnalyseRecordingTest, GivesEverythingWhenAllIsWell) {
  const auto analysis =
      Analyse(Working(), {model::Mode::kSentencePractice, model::Locale::kVi, "Always waiting for the next reason.", 7});
  ASSERT_TRUE(analysis.ok()) << analysis.error().message;
  EXPECT_EQ(analysis->transcript.words.size(), 6u);
  EXPECT_GT(analysis->prosody.pitch.mean_hz, 100);
  EXPECT_TRUE(analysis->prosody.speaking_rate.words_per_minute.has_value());
  ASSERT_EQ(analysis->miscues.size(), 1u);
  EXPECT_EQ(analysis->miscues[0].kind, model::MiscueKind::kReplaced);
  EXPECT_GT(analysis->scores.overall, 0);
  EXPECT_FALSE(analysis->feedback.conversational.empty());
  EXPECT_FALSE(analysis->degraded_mode);
  EXPECT_TRUE(analysis->failures.empty());
  EXPECT_EQ(analysis->times.decode_ms, 7);
  EXPECT_EQ(transcripts_, 1);
  EXPECT_EQ(prosody_reports_, 1);
  EXPECT_EQ(told_words_per_minute_, analysis->prosody.speaking_rate.words_per_minute);
}

TEST_F(AnalyseRecordingTest, WhatAnEarlierRunDidIsKept) {
  Stages stages = Working();
  stages.llm = &failing_llm_;
  stages.pronunciation = &assessor_;
  stages.encoder = &encoder_;
  const auto first = Analyse(stages);
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(first->degraded_mode);
  stages.llm = nullptr;
  transcriber_.script = [](const stt::TranscribeOptions&) {
    return base::Result<model::Transcript>(base::ErrorCode::kInternal, "asked again");
  };
  stages.prosody = &failing_prosody_;
  AnalysisRequest request;
  request.previous = *first;
  const auto again = Analyse(stages, request);
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->degraded_mode);
  EXPECT_TRUE(again->failures.empty());
  EXPECT_EQ(again->transcript.text, first->transcript.text);
  EXPECT_EQ(again->scores.overall, first->scores.overall);
  EXPECT_EQ(encoder_.calls, 1);
  EXPECT_EQ(transcripts_, 1) << "told once, in the first run";
  EXPECT_EQ(prosody_reports_, 1);
  EXPECT_EQ(pronunciation_reports_, 1);
}

TEST_F(AnalyseRecordingTest, AFailedStageRunsAgainWithoutTheTranscriber) {
  Stages stages = Working();
  stages.prosody = &failing_prosody_;
  const auto first = Analyse(stages);
  ASSERT_TRUE(first.ok());
  ASSERT_EQ(first->failures.size(), 1u);
  const auto whole = Analyse(Working());
  transcriber_.script = [](const stt::TranscribeOptions&) {
    return base::Result<model::Transcript>(base::ErrorCode::kInternal, "asked again");
  };
  AnalysisRequest request;
  request.previous = *first;
  const auto again = Analyse(Working(), request);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->failures.empty());
  EXPECT_FALSE(again->prosody.minimal);
  EXPECT_EQ(again->prosody.speaking_rate.words_per_minute, whole->prosody.speaking_rate.words_per_minute);
  EXPECT_EQ(again->scores.overall, whole->scores.overall);
}

TEST_F(AnalyseRecordingTest, AFailedTranscriptIsMadeAndTheVoiceMeasuredWithIt) {
  const auto whole = Analyse(Working());
  const auto heard = transcriber_.script;
  transcriber_.script = [](const stt::TranscribeOptions&) {
    return base::Result<model::Transcript>(base::ErrorCode::kInternal, "no memory");
  };
  const auto first = Analyse(Working());
  ASSERT_TRUE(first.ok());
  transcriber_.script = heard;
  AnalysisRequest request;
  request.previous = *first;
  const auto again = Analyse(Working(), request);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->failures.empty());
  EXPECT_EQ(again->transcript.text, whole->transcript.text);
  EXPECT_EQ(again->scores.overall, whole->scores.overall);
}

// A report whose ratings no formula gives by chance.
model::PronunciationReport SomeReport() {
  model::PronunciationReport report;
  model::PhoneResult lost;
  lost.phone = "Z";
  lost.verdict = model::PhoneVerdict::kDeleted;
  lost.confidence = 0.9;
  model::PhoneResult fine;
  fine.phone = "AO";
  model::WordResult word;
  word.text = "Always";
  word.phones = {fine, lost};
  report.words = {word};
  report.ratings = {7.1, 6.2, 5.3, 6.0};
  report.text_match = 0.9;
  report.miscues = {{model::MiscueKind::kRepeated, "next", "next"}};
  return report;
}

TEST_F(AnalyseRecordingTest, PronunciationGivesTheScoresWhereItCanBeMeasured) {
  transcriber_.script = [](const stt::TranscribeOptions& options) {
    EXPECT_EQ(options.reference_text, "Always waiting for the next season.");
    model::SpeechEvidence evidence;
    evidence.features.frames = 3;
    options.on_evidence(std::move(evidence));
    return SomeTranscript();
  };
  assessor_.script = [](const pronunciation::Recording& recording, const std::string& text) {
    EXPECT_EQ(recording.evidence.features.frames, 3U);
    EXPECT_EQ(recording.transcript.words.size(), 6U);
    EXPECT_GT(recording.prosody.pitch.mean_hz, 100.0);
    EXPECT_EQ(text, "Always waiting for the next season.");
    return SomeReport();
  };
  Stages stages = Working();
  stages.pronunciation = &assessor_;
  stages.encoder = &encoder_;
  const auto analysis =
      Analyse(stages, {model::Mode::kSentencePractice, model::Locale::kVi, "Always waiting for the next season.", 0});
  ASSERT_TRUE(analysis.ok()) << analysis.error().message;
  ASSERT_TRUE(analysis->pronunciation.has_value());
  EXPECT_DOUBLE_EQ(analysis->scores.pronunciation, 7.1);
  EXPECT_DOUBLE_EQ(analysis->scores.fluency, 6.2);
  EXPECT_DOUBLE_EQ(analysis->scores.prosody, 5.3);
  ASSERT_EQ(analysis->miscues.size(), 1U);
  EXPECT_EQ(analysis->miscues[0].kind, model::MiscueKind::kRepeated);
  EXPECT_EQ(pronunciation_reports_, 1);
  EXPECT_EQ(encoder_.calls, 0) << "the transcriber's pass is enough";
  EXPECT_TRUE(analysis->failures.empty());
}

TEST_F(AnalyseRecordingTest, AnotherModelsTranscriptNeedsOnePassOfTheEncoder) {
  assessor_.script = [](const pronunciation::Recording& recording, const std::string&) {
    EXPECT_EQ(recording.evidence.features.frames, 7U);
    return SomeReport();
  };
  Stages stages = Working();
  stages.pronunciation = &assessor_;
  stages.encoder = &encoder_;
  ASSERT_TRUE(Analyse(stages).ok());
  EXPECT_EQ(encoder_.calls, 1);
}

TEST_F(AnalyseRecordingTest, WithoutPronunciationScoresComeFromTheTranscript) {
  const auto plain = Analyse(Working());
  Stages stages = Working();
  stages.pronunciation = &assessor_;
  const auto analysis = Analyse(stages);
  ASSERT_TRUE(analysis.ok()) << analysis.error().message;
  EXPECT_FALSE(analysis->pronunciation.has_value());
  EXPECT_EQ(analysis->scores.overall, plain->scores.overall);
  ASSERT_EQ(analysis->failures.size(), 1U);
  EXPECT_EQ(analysis->failures[0].stage, model::Stage::kScoring);
  EXPECT_EQ(analysis->failures[0].error.code, base::ErrorCode::kModelUnavailable);
}

TEST_F(AnalyseRecordingTest, WhatDoesNotFitTheTextScoresLow) {
  assessor_.script = [](const pronunciation::Recording&, const std::string&) {
    model::PronunciationReport report = SomeReport();
    report.ratings = {9.0, 9.0, 9.0, 9.0};
    report.text_match = 0.2;
    return report;
  };
  Stages stages = Working();
  stages.pronunciation = &assessor_;
  stages.encoder = &encoder_;
  const auto analysis = Analyse(stages);
  ASSERT_TRUE(analysis.ok());
  const model::Scores& s = analysis->scores;
  for (const double score : {s.overall, s.pronunciation, s.prosody, s.emotion, s.confidence, s.fluency}) EXPECT_LE(score, 3.0);
}

TEST(SoundFindings, NameTheSoundItsPlaceAndATip) {
  const auto findings = SoundFindings(SomeReport());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].word, "Always");
  EXPECT_EQ(findings[0].phone, "Z");
  EXPECT_EQ(findings[0].verdict, scoring::SoundFinding::Verdict::kDeleted);
  EXPECT_EQ(findings[0].position, scoring::SoundFinding::Position::kFinal);
  EXPECT_FALSE(findings[0].tip_vi.empty());
  model::PronunciationReport omitted = SomeReport();
  omitted.words[0].verdict = model::WordVerdict::kOmitted;
  EXPECT_TRUE(SoundFindings(omitted).empty());
}

TEST_F(AnalyseRecordingTest, ProgressGoesOnlyForward) {
  transcriber_.script = [](const stt::TranscribeOptions& options) {
    for (const double share : {0.1, 0.5, 0.3, 0.9, 2.0}) options.on_progress(share);
    return SomeTranscript();
  };
  ASSERT_TRUE(Analyse(Working()).ok());
  ASSERT_GE(percents_.size(), 4u);
  for (std::size_t i = 1; i < percents_.size(); ++i) EXPECT_GT(percents_[i], percents_[i - 1]);
  EXPECT_EQ(percents_.back(), 100);
}

TEST_F(AnalyseRecordingTest, WithoutTranscriptScoresTheVoiceAlone) {
  transcriber_.script = [](const stt::TranscribeOptions&) {
    return base::Error{base::ErrorCode::kModelUnavailable, "no weights"};
  };
  const auto analysis = Analyse(Working());
  ASSERT_TRUE(analysis.ok());
  EXPECT_TRUE(analysis->transcript.text.empty());
  ASSERT_EQ(analysis->failures.size(), 1u);
  EXPECT_EQ(analysis->failures[0].error.code, base::ErrorCode::kSttFailed);
  EXPECT_THAT(analysis->failures[0].error.message, StartsWith("model_unavailable"));
  EXPECT_GT(analysis->scores.prosody, 0);
  EXPECT_FALSE(analysis->feedback.conversational.empty());
  EXPECT_FALSE(analysis->degraded_mode) << "that means that an LLM failed";
  EXPECT_TRUE(failures_.contains(model::Stage::kTranscribing));
}

TEST_F(AnalyseRecordingTest, AStageThatThrowsIsAStageThatFailed) {
  transcriber_.script = [](const stt::TranscribeOptions&) -> base::Result<model::Transcript> { throw std::bad_alloc(); };
  const auto analysis = Analyse(Working());
  ASSERT_TRUE(analysis.ok());
  EXPECT_EQ(analysis->failures.size(), 1u);
}

TEST_F(AnalyseRecordingTest, WithoutProsodyUsesMinimalFeatures) {
  Stages stages = Working();
  stages.prosody = &failing_prosody_;
  const auto analysis = Analyse(stages);
  ASSERT_TRUE(analysis.ok());
  EXPECT_TRUE(analysis->prosody.minimal);
  EXPECT_GT(analysis->prosody.energy.mean, 0);
  ASSERT_EQ(analysis->failures.size(), 1u);
  EXPECT_EQ(analysis->failures[0].stage, model::Stage::kProsody);
  EXPECT_GT(analysis->scores.pronunciation, 0);
  EXPECT_EQ(prosody_reports_, 1);
}

TEST_F(AnalyseRecordingTest, WithNeitherWordsNorVoiceThereIsNoResult) {
  Stages stages = Working();
  stages.prosody = &failing_prosody_;
  transcriber_.script = [](const stt::TranscribeOptions&) { return base::Error{base::ErrorCode::kSttFailed, "engine"}; };
  const auto analysis = Analyse(stages);
  ASSERT_FALSE(analysis.ok());
  EXPECT_EQ(analysis.error().code, base::ErrorCode::kInternal);
}

TEST_F(AnalyseRecordingTest, AFailingLlmGivesTheRulesFeedbackInDegradedMode) {
  Stages stages = Working();
  stages.llm = &failing_llm_;
  const auto analysis = Analyse(stages);
  ASSERT_TRUE(analysis.ok());
  EXPECT_TRUE(analysis->degraded_mode);
  EXPECT_THAT(analysis->feedback.conversational,
              StartsWith("Hệ thống AI đang bận, đây là phân tích sơ bộ: Bạn nói với độ tự tin "));
  EXPECT_TRUE(failures_.contains(model::Stage::kFeedback));
}

TEST_F(AnalyseRecordingTest, FeedbackIsToldWhileItIsWritten) {
  StreamingFeedbackWriter writer;
  Stages stages = Working();
  stages.llm = &writer;
  std::string shown;
  AnalysisObserver observer;
  observer.on_feedback_delta = [&](std::string_view sentence) { shown += sentence; };
  observer.on_feedback_restart = [&] { shown += "| "; };
  AnalysisRequest request;
  request.user_id = 7;
  const auto analysis = AnalyseRecording(TestClip("good.wav"), request, stages, observer);
  ASSERT_TRUE(analysis.ok());
  EXPECT_EQ(shown, "Một. Hai. | Ba. ");
  EXPECT_EQ(writer.user_id, 7);
}

TEST_F(AnalyseRecordingTest, AnAnalysisThatIsWithdrawnWhileFeedbackIsWrittenHasNoResult) {
  Stages stages = Working();
  failing_llm_.code = base::ErrorCode::kCancelled;
  stages.llm = &failing_llm_;
  const auto analysis = Analyse(stages);
  ASSERT_FALSE(analysis.ok());
  EXPECT_EQ(analysis.error().code, base::ErrorCode::kCancelled);
}

TEST_F(AnalyseRecordingTest, WithoutAModelSetUpTheRulesAreNoLesserFeedback) {
  Stages stages = Working();
  failing_llm_.code = base::ErrorCode::kModelUnavailable;
  stages.llm = &failing_llm_;
  const auto analysis = Analyse(stages);
  ASSERT_TRUE(analysis.ok());
  EXPECT_FALSE(analysis->degraded_mode);
  EXPECT_FALSE(analysis->feedback.conversational.empty());
  EXPECT_TRUE(analysis->failures.empty());
}

TEST_F(AnalyseRecordingTest, SilenceIsNoSpeech) {
  model::AudioClip silence;
  silence.samples.assign(3 * model::kSampleRateHz, 0.0F);
  const auto analysis = AnalyseRecording(silence, {}, Working(), {});
  ASSERT_FALSE(analysis.ok());
  EXPECT_EQ(analysis.error().code, base::ErrorCode::kNoSpeech);
}

TEST_F(AnalyseRecordingTest, VoiceWithoutAWordIsNoSpeech) {
  transcriber_.script = [](const stt::TranscribeOptions&) { return model::Transcript{}; };
  const auto analysis = Analyse(Working());
  ASSERT_FALSE(analysis.ok());
  EXPECT_EQ(analysis.error().code, base::ErrorCode::kNoSpeech);
}

TEST_F(AnalyseRecordingTest, CanBeCancelled) {
  std::stop_source stop;
  transcriber_.script = [&](const stt::TranscribeOptions& options) -> base::Result<model::Transcript> {
    stop.request_stop();
    EXPECT_TRUE(options.stop.stop_requested());
    return base::Error{base::ErrorCode::kCancelled, "stopped"};
  };
  const auto analysis = AnalyseRecording(TestClip("good.wav"), {}, Working(), {}, stop.get_token());
  ASSERT_FALSE(analysis.ok());
  EXPECT_EQ(analysis.error().code, base::ErrorCode::kCancelled);
}

}  // namespace
}  // namespace speechcoach::pipeline
