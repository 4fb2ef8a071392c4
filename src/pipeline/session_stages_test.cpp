#include <barrier>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audio/recording_decoder.h"
#include "json/model_json.h"
#include "pipeline/scripted_stages.h"
#include "pipeline/session_jobs.h"
#include "pipeline/session_service.h"
#include "storage/temporary_database.h"

namespace speechcoach::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum model::SessionStatus;
using queue::JobOutcome;

// Keeps jobs until the test has one done.
class HeldQueue final : public queue::JobQueue {
 public:
  base::Status Enqueue(const queue::Job& job) override {
    if (is_down) return {base::ErrorCode::kStorageUnavailable, "down"};
    kinds.push_back(job.kind);
    return {};
  }
  base::Status Start(queue::JobHandler wanted, queue::GiveUpHandler last) override {
    handler = std::move(wanted);
    give_up = std::move(last);
    return {};
  }
  void Stop(std::chrono::milliseconds) override {}
  int Waiting() const override { return 0; }

  std::vector<std::string> kinds;
  queue::JobHandler handler;
  queue::GiveUpHandler give_up;
  bool is_down = false;
};

// A store that can be away.
class FarStore final : public storage::BlobStore {
 public:
  explicit FarStore(const base::AudioConfig& config) : real_(storage::OpenBlobStore(config).value()) {}
  base::Status Put(std::string_view key, std::span<const std::uint8_t> bytes) override { return real_->Put(key, bytes); }
  base::Result<std::vector<std::uint8_t>> Get(std::string_view key) override {
    if (is_away) return {base::ErrorCode::kStorageUnavailable, "away"};
    return real_->Get(key);
  }
  base::Status Delete(std::string_view key) override { return real_->Delete(key); }

  bool is_away = false;

 private:
  std::unique_ptr<storage::BlobStore> real_;
};

class SessionStagesTest : public ::testing::Test {
 protected:
  SessionStagesTest() {
    base::Config config;
    config.broker.url = "redis://workers-are-elsewhere";
    config.audio.url = "file:" + (folder_.path() / "audio").string();
    blobs_ = std::make_unique<FarStore>(config.audio);
    decoder_ = audio::MakeRecordingDecoder(config.audio, "");
    ServiceParts parts;
    parts.sessions = &db_->sessions();
    parts.sentences = &db_->sentences();
    parts.blobs = blobs_.get();
    parts.queue = &queue_;
    parts.decoder = decoder_.get();
    parts.events = events_.get();
    parts.clock = &clock_;
    parts.findings = &db_->findings();
    parts.stages = {&transcriber_, &prosody_, nullptr, &rules_};
    service_ = std::make_unique<SessionService>(config, parts);
    EXPECT_TRUE(service_->Start().ok());
    transcriber_.script = [this](const stt::TranscribeOptions&) -> base::Result<model::Transcript> {
      ++transcriptions_;
      return SomeTranscript();
    };
  }

  void Submit(const std::string& recording = "good.wav") {
    NewSession request;
    request.user_id = db_.user_id();
    request.mode = model::Mode::kSentencePractice;
    request.reference_text = "Always waiting for the next season.";
    id_ = service_->Create(request)->id;
    ASSERT_TRUE(service_->SubmitAudio(db_.user_id(), id_, {"wav", TestBytes(recording)}).ok());
    watching_ = events_->Subscribe(id_, 0, [this](const SessionEvent& event) {
      if (event.number > 0) ends_ += IsEnd(event.payload) ? 1 : 0;
    });
  }
  JobOutcome Do(const char* kind, int attempt = 1) { return queue_.handler({kind, id_, attempt}, {}); }
  std::vector<std::string> Sent() { return std::exchange(queue_.kinds, {}); }
  model::Session Session() { return db_->sessions().Get(id_).value(); }

  storage::TemporaryDatabase db_;
  storage::TemporaryFolder folder_;
  base::SystemClock clock_;
  HeldQueue queue_;
  std::unique_ptr<FarStore> blobs_;
  std::unique_ptr<audio::AudioDecoder> decoder_;
  std::unique_ptr<SessionEvents> events_ = MakeSessionEvents(clock_, nullptr);
  ScriptedTranscriber transcriber_;
  prosody::SoundProsodyExtractor prosody_;
  scoring::RuleFeedbackWriter rules_;
  std::unique_ptr<SessionService> service_;
  Subscription watching_;
  std::string id_;
  int transcriptions_ = 0;
  int ends_ = 0;
};

TEST_F(SessionStagesTest, EachHandsOnToTheNext) {
  Submit();
  EXPECT_THAT(Sent(), ElementsAre(kTranscribeJob, kMeasureVoiceJob));
  EXPECT_EQ(Do(kMeasureVoiceJob), JobOutcome::kDone);
  EXPECT_THAT(Sent(), IsEmpty());
  EXPECT_EQ(Do(kTranscribeJob), JobOutcome::kDone);
  EXPECT_THAT(Sent(), ElementsAre(kWriteFeedbackJob));
  EXPECT_EQ(Session().status, kProcessing);
  EXPECT_EQ(Do(kWriteFeedbackJob), JobOutcome::kDone);
  EXPECT_THAT(Sent(), ElementsAre(kUpdateProgressJob));
  EXPECT_EQ(Session().status, kCompleted);
  EXPECT_EQ(ends_, 0) << "told when it is counted";
  EXPECT_EQ(Do(kUpdateProgressJob), JobOutcome::kDone);
  EXPECT_EQ(ends_, 1);
}

TEST_F(SessionStagesTest, TogetherTheyFindWhatOneProcessFinds) {
  Submit();
  for (const char* kind : {kMeasureVoiceJob, kTranscribeJob, kWriteFeedbackJob}) ASSERT_EQ(Do(kind), JobOutcome::kDone);
  AnalysisRequest request{model::Mode::kSentencePractice, model::Locale::kVi, "Always waiting for the next season."};
  request.session_id = id_;
  const auto alone = AnalyseRecording(TestClip("good.wav"), request, {&transcriber_, &prosody_, nullptr, &rules_}, {});
  const model::Analysis shared = *Session().analysis;
  EXPECT_EQ(json::ToJson(shared.scores), json::ToJson(alone->scores));
  // Numbers on their way through JSON may change in their last digit.
  EXPECT_NEAR(shared.prosody.rhythm.npvi_v.value(), alone->prosody.rhythm.npvi_v.value(), 1e-9);
  EXPECT_NEAR(shared.prosody.melody.spread_st.value(), alone->prosody.melody.spread_st.value(), 1e-9);
  EXPECT_EQ(shared.prosody.melody.phrases.size(), alone->prosody.melody.phrases.size());
  ASSERT_EQ(shared.prosody.words.size(), alone->prosody.words.size());
  for (std::size_t i = 0; i < shared.prosody.words.size(); ++i)
    EXPECT_NEAR(shared.prosody.words[i].prominence, alone->prosody.words[i].prominence, 1e-9);
  EXPECT_EQ(shared.prosody.pitch.contour.size(), alone->prosody.pitch.contour.size());
  EXPECT_EQ(shared.feedback.conversational, alone->feedback.conversational);
  EXPECT_TRUE(shared.failures.empty());
}

TEST_F(SessionStagesTest, TheVoiceIsMeasuredOnce) {
  Submit();
  ASSERT_EQ(Do(kMeasureVoiceJob), JobOutcome::kDone);
  const storage::StageFindings found = db_->findings().Of(id_).value();
  ASSERT_FALSE(found.voice.empty());
  // What is kept is what is used.
  const std::string key = Session().audio_key;
  std::string marked = found.voice;
  marked.replace(marked.find("\"ms\":"), 5, "\"ms\":987");
  ASSERT_TRUE(db_->findings().KeepVoice(id_, key, marked).ok());
  ASSERT_EQ(Do(kMeasureVoiceJob), JobOutcome::kDone);
  EXPECT_EQ(db_->findings().Of(id_)->voice, marked);
  ASSERT_EQ(Do(kTranscribeJob), JobOutcome::kDone);
  ASSERT_EQ(Do(kWriteFeedbackJob), JobOutcome::kDone);
  EXPECT_GE(Session().analysis->times.prosody_ms, 987);
}

TEST_F(SessionStagesTest, WithoutThatStageTheVoiceIsMeasuredWithTheWords) {
  Submit();
  ASSERT_EQ(Do(kTranscribeJob), JobOutcome::kDone);
  EXPECT_EQ(Do(kMeasureVoiceJob), JobOutcome::kDone) << "too late, and no matter";
  EXPECT_TRUE(db_->findings().Of(id_)->voice.empty());
  ASSERT_EQ(Do(kWriteFeedbackJob), JobOutcome::kDone);
  EXPECT_GT(Session().analysis->prosody.pitch.mean_hz, 100);
}

TEST_F(SessionStagesTest, AStageThatComesAgainDoesNotDoItsWorkAgain) {
  Submit();
  ASSERT_EQ(Do(kTranscribeJob), JobOutcome::kDone);
  queue_.is_down = true;
  EXPECT_EQ(Do(kTranscribeJob, 2), JobOutcome::kStoreAway) << "what is found is not handed on yet";
  queue_.is_down = false;
  Sent();
  EXPECT_EQ(Do(kTranscribeJob, 3), JobOutcome::kDone);
  EXPECT_THAT(Sent(), ElementsAre(kWriteFeedbackJob));
  EXPECT_EQ(transcriptions_, 1);
}

TEST_F(SessionStagesTest, AResultWhoseProcessDiedIsCountedAndToldOnce) {
  Submit();
  ASSERT_EQ(Do(kTranscribeJob), JobOutcome::kDone);
  queue_.is_down = true;
  EXPECT_EQ(Do(kWriteFeedbackJob), JobOutcome::kStoreAway);
  EXPECT_EQ(Session().status, kCompleted);
  queue_.is_down = false;
  Sent();
  EXPECT_EQ(Do(kWriteFeedbackJob, 2), JobOutcome::kDone);
  EXPECT_THAT(Sent(), ElementsAre(kUpdateProgressJob));
  EXPECT_EQ(Do(kUpdateProgressJob), JobOutcome::kDone);
  EXPECT_EQ(Do(kUpdateProgressJob, 2), JobOutcome::kDone);
  EXPECT_EQ(ends_, 1);
  EXPECT_EQ(Do(kTranscribeJob), JobOutcome::kDone) << "a second copy";
  EXPECT_EQ(Do(kWriteFeedbackJob), JobOutcome::kDone);
  EXPECT_THAT(Sent(), IsEmpty());
}

TEST_F(SessionStagesTest, AStoreThatIsAwayIsNoFaultOfTheRecording) {
  Submit();
  blobs_->is_away = true;
  EXPECT_EQ(Do(kMeasureVoiceJob), JobOutcome::kStoreAway);
  EXPECT_EQ(Do(kTranscribeJob), JobOutcome::kStoreAway);
  EXPECT_EQ(Session().status, kProcessing);
  blobs_->is_away = false;
  EXPECT_EQ(Do(kTranscribeJob, 2), JobOutcome::kDone);
}

TEST_F(SessionStagesTest, WhatIsFoundOutlastsTheJobThatIsGivenUp) {
  Submit();
  ASSERT_EQ(Do(kTranscribeJob), JobOutcome::kDone);
  Sent();
  EXPECT_EQ(queue_.give_up({kWriteFeedbackJob, id_, 4}), JobOutcome::kDone);
  EXPECT_THAT(Sent(), ElementsAre(kUpdateProgressJob));
  EXPECT_EQ(Session().status, kDegraded);
  const model::Analysis analysis = *Session().analysis;
  EXPECT_EQ(analysis.transcript.text, SomeTranscript().text);
  EXPECT_FALSE(analysis.feedback.conversational.empty());
  EXPECT_TRUE(analysis.degraded_mode);
}

TEST_F(SessionStagesTest, WithNothingFoundAJobThatIsGivenUpFails) {
  Submit();
  EXPECT_EQ(queue_.give_up({kMeasureVoiceJob, id_, 4}), JobOutcome::kDone);
  EXPECT_EQ(Session().status, kProcessing);
  EXPECT_EQ(queue_.give_up({kTranscribeJob, id_, 4}), JobOutcome::kDone);
  EXPECT_EQ(Session().status, kFailed);
  EXPECT_EQ(Session().error->code, base::ErrorCode::kInternal);
}

TEST_F(SessionStagesTest, TheEndThatIsAskedForTwiceIsToldOnce) {
  Submit();
  for (const char* kind : {kTranscribeJob, kWriteFeedbackJob, kUpdateProgressJob, kUpdateProgressJob})
    ASSERT_EQ(Do(kind), JobOutcome::kDone);
  EXPECT_EQ(ends_, 1);
}

TEST_F(SessionStagesTest, TheEndThatTwoTellInTheSameInstantIsToldOnce) {
  constexpr int kAnalyses = 10;
  Submit();
  for (int analysis = 1; analysis <= kAnalyses; ++analysis) {
    for (const char* kind : {kTranscribeJob, kWriteFeedbackJob}) ASSERT_EQ(Do(kind), JobOutcome::kDone);
    std::barrier together(2);
    const auto last = [&] {
      together.arrive_and_wait();
      return Do(kUpdateProgressJob);
    };
    auto other = std::async(std::launch::async, last);
    EXPECT_EQ(last(), JobOutcome::kDone);
    EXPECT_EQ(other.get(), JobOutcome::kDone);
    ASSERT_EQ(ends_, analysis);
    ASSERT_TRUE(service_->Retry(db_.user_id(), id_, true).ok());
  }
}

TEST_F(SessionStagesTest, AServerThatStartsSendsOnlyWhatIsOverdue) {
  Submit();
  Sent();
  ASSERT_TRUE(service_->Start().ok());
  EXPECT_THAT(Sent(), IsEmpty()) << "the broker has it";
  model::Session old = db_.NewSession(clock_.NowMs() - 2 * 3600 * 1000);
  old.status = kProcessing;
  old.audio_key = "1/old.wav";
  ASSERT_TRUE(db_->sessions().Create(old).ok());
  ASSERT_TRUE(service_->Start().ok());
  EXPECT_THAT(Sent(), ElementsAre(kTranscribeJob, kMeasureVoiceJob));
}

TEST_F(SessionStagesTest, WhatIsAnalysedAnewBeginsWithNothing) {
  Submit();
  for (const char* kind : {kTranscribeJob, kWriteFeedbackJob, kUpdateProgressJob}) ASSERT_EQ(Do(kind), JobOutcome::kDone);
  ASSERT_TRUE(service_->Retry(db_.user_id(), id_, true).ok());
  Sent();
  EXPECT_EQ(Do(kWriteFeedbackJob), JobOutcome::kDone) << "of the run before";
  EXPECT_EQ(Do(kUpdateProgressJob), JobOutcome::kDone);
  EXPECT_EQ(Session().status, kProcessing);
  EXPECT_THAT(Sent(), IsEmpty());
  for (const char* kind : {kTranscribeJob, kWriteFeedbackJob, kUpdateProgressJob}) ASSERT_EQ(Do(kind), JobOutcome::kDone);
  EXPECT_EQ(Session().status, kCompleted);
  EXPECT_EQ(transcriptions_, 2);
  EXPECT_EQ(ends_, 2);
}

TEST_F(SessionStagesTest, WhereNobodySpeaksNoFeedbackIsWritten) {
  transcriber_.script = [](const stt::TranscribeOptions&) { return model::Transcript(); };
  Submit();
  Sent();
  EXPECT_EQ(Do(kTranscribeJob), JobOutcome::kDone);
  EXPECT_THAT(Sent(), ElementsAre(kUpdateProgressJob));
  EXPECT_EQ(Session().status, kFailed);
  EXPECT_EQ(Session().error->code, base::ErrorCode::kNoSpeech);
  EXPECT_EQ(Do(kUpdateProgressJob), JobOutcome::kDone);
  EXPECT_EQ(ends_, 1);
}

TEST_F(SessionStagesTest, AProcessWithoutTheSpeechModelWritesFeedback) {
  Submit();
  ASSERT_EQ(Do(kTranscribeJob), JobOutcome::kDone);
  transcriber_.script = [](const stt::TranscribeOptions&) {
    return base::Result<model::Transcript>(base::ErrorCode::kInternal, "asked here");
  };
  ASSERT_EQ(Do(kWriteFeedbackJob), JobOutcome::kDone);
  EXPECT_EQ(Session().status, kCompleted);
  EXPECT_EQ(Session().analysis->transcript.text, SomeTranscript().text);
}

}  // namespace
}  // namespace speechcoach::pipeline
