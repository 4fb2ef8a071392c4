#include "pipeline/retention.h"

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::pipeline {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kNowMs = 1'795'392'000'000;

class RetentionTest : public ::testing::Test {
 protected:
  model::Session Add(std::int64_t user_id, int age_days) {
    model::Session session = db_.NewSession(kNowMs - age_days * kDayMs);
    session.user_id = user_id;
    session.status = model::SessionStatus::kCompleted;
    session.completed_at_ms = session.created_at_ms + 1;
    session.reference_text = "My name is Lan.";
    session.audio_key = std::to_string(user_id) + "/" + session.id + ".wav";
    session.audio_format = "wav";
    session.audio_size_bytes = 3;
    model::Analysis& analysis = session.analysis.emplace();
    analysis.audio_duration_s = 2.0;
    analysis.scores.overall = 7.0;
    analysis.transcript.text = "my name is Lan";
    analysis.transcript.words = {{"my", 0, 1, 0.9}};
    analysis.feedback.conversational = "Lan nói rất rõ.";
    analysis.feedback.detailed.improvements = {"name"};
    analysis.feedback.detailed.emotion_detected = "neutral";
    model::WordResult word{"name", 0, 1, 4.0, model::WordVerdict::kOk, {}, {}, {}};
    word.phones = {{"N", "", 0, 0, 2.0, model::PhoneVerdict::kOk, {}, {}, 0}};
    analysis.pronunciation.emplace().words = {word};
    EXPECT_TRUE(db_->sessions().Create(session).ok());
    EXPECT_TRUE(blobs_->Put(session.audio_key, std::vector<std::uint8_t>{1, 2, 3}).ok());
    EXPECT_TRUE(progress_.Count(session).ok());
    return session;
  }
  Retention::Swept Sweep(int audio_days, int text_days) {
    base::PrivacyConfig config;
    config.keep_audio_days = audio_days;
    config.keep_transcripts_days = text_days;
    return Retention(config, Parts()).Sweep().value();
  }
  RetentionParts Parts() {
    return {&db_->retention(), &db_->sessions(), &db_->turns(), &db_->accounts(), blobs_.get(), &progress_, &clock_};
  }
  bool HasAudio(const model::Session& session) { return blobs_->Get(session.audio_key).ok(); }

  storage::TemporaryDatabase db_;
  const storage::TemporaryFolder folder_;
  std::unique_ptr<storage::BlobStore> blobs_ = [this] {
    base::AudioConfig config;
    config.url = "file:" + (folder_.path() / "audio").string();
    return std::move(storage::OpenBlobStore(config).value());
  }();
  base::ManualClock clock_{kNowMs};
  ProgressKeeper progress_{db_->progress(), db_->accounts()};
};

TEST_F(RetentionTest, OldRecordingsGoAndNothingElse) {
  const model::Session old = Add(db_.user_id(), 31);
  const model::Session recent = Add(db_.user_id(), 29);
  EXPECT_EQ(Sweep(30, 0).recordings, 1);
  EXPECT_EQ(Sweep(30, 0).recordings, 0);
  EXPECT_FALSE(HasAudio(old));
  EXPECT_TRUE(HasAudio(recent));
  EXPECT_EQ(db_->sessions().Get(old.id)->audio_key, "");
  EXPECT_EQ(db_->sessions().Get(old.id)->analysis->transcript.text, "my name is Lan");
  EXPECT_EQ(db_->sessions().Get(recent.id)->audio_key, recent.audio_key);
}

TEST_F(RetentionTest, OldTextsGoAndScoresStay) {
  const model::Session old = Add(db_.user_id(), 31);
  const model::Session recent = Add(db_.user_id(), 29);
  EXPECT_EQ(Sweep(0, 30).texts, 1);
  EXPECT_EQ(Sweep(0, 30).texts, 0);
  const auto swept = db_->sessions().Get(old.id);
  EXPECT_EQ(swept->reference_text, "");
  EXPECT_EQ(swept->analysis->transcript.text, "");
  EXPECT_TRUE(swept->analysis->transcript.words.empty());
  EXPECT_FALSE(swept->analysis->pronunciation);
  EXPECT_EQ(swept->analysis->feedback.conversational, "");
  EXPECT_TRUE(swept->analysis->feedback.detailed.improvements.empty());
  EXPECT_EQ(swept->analysis->feedback.detailed.emotion_detected, "neutral");
  EXPECT_EQ(swept->analysis->scores.overall, 7.0);
  EXPECT_TRUE(HasAudio(old));
  EXPECT_EQ(db_->sessions().Get(recent.id)->analysis->transcript.text, "my name is Lan");
  EXPECT_EQ(db_->progress().Get(db_.user_id()).value()->summary.total_sessions, 2);
  EXPECT_EQ(db_->progress().Sounds(db_.user_id())->at(0).chances, 1);
}

TEST_F(RetentionTest, AConversationThatWaitsForABetterRecordingIsNoException) {
  model::Session waiting = Add(db_.user_id(), 31);
  waiting.mode = model::Mode::kConversation;
  waiting.status = model::SessionStatus::kAwaitingAudio;
  waiting.completed_at_ms = 0;
  waiting.error = base::Error{base::ErrorCode::kAudioUnreadable, ""};
  ASSERT_TRUE(db_->sessions().UpdateIfStatus(waiting, model::SessionStatus::kCompleted).ok());
  model::Turn turn;
  turn.session_id = waiting.id;
  turn.number = 1;
  turn.audio_key = waiting.audio_key;
  turn.analysis = waiting.analysis;
  turn.completed_at_ms = waiting.created_at_ms + 1;
  ASSERT_TRUE(db_->turns().Add(turn).ok());
  const auto swept = Sweep(30, 30);
  EXPECT_EQ(swept.recordings, 1);
  EXPECT_EQ(swept.texts, 1);
  EXPECT_FALSE(HasAudio(waiting));
  const auto after = db_->sessions().Get(waiting.id);
  EXPECT_EQ(after->status, model::SessionStatus::kCompleted);
  EXPECT_EQ(after->completed_at_ms, kNowMs);
  EXPECT_EQ(after->analysis->transcript.text, "");
  EXPECT_EQ(db_->turns().Of(waiting.id)->front().analysis->transcript.text, "");
  EXPECT_TRUE(db_->progress().Sounds(db_.user_id())->empty()) << "what it counted goes with it";
}

TEST_F(RetentionTest, WhoSawWhatIsForgottenToo) {
  for (const int age_days : {31, 29}) {
    ASSERT_TRUE(db_->classes().LogAccess({0, db_.user_id(), db_.user_id(), {}, "read", {}, kNowMs - age_days * kDayMs}).ok());
  }
  base::PrivacyConfig config;
  config.keep_access_log_days = 30;
  EXPECT_EQ(Retention(config, Parts()).Sweep()->accesses, 1);
  EXPECT_EQ(Retention(config, Parts()).Sweep()->accesses, 0);
  config.keep_access_log_days = 0;
  EXPECT_EQ(Retention(config, Parts()).Sweep()->accesses, 0);
  EXPECT_EQ(db_->classes().AccessesTo(db_.user_id(), 1'000'000, 10)->size(), 1u);
}

TEST_F(RetentionTest, WithoutLimitsEverythingIsKept) {
  const model::Session old = Add(db_.user_id(), 10'000);
  const auto swept = Sweep(0, 0);
  EXPECT_EQ(swept.recordings + swept.texts, 0);
  EXPECT_TRUE(HasAudio(old));
}

TEST_F(RetentionTest, AStoppedSweepLeavesTheRestForTheNext) {
  Add(db_.user_id(), 31);
  base::PrivacyConfig config;
  config.keep_audio_days = 30;
  config.keep_transcripts_days = 30;
  Retention retention(config, Parts());
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = retention.Sweep(stop.get_token());
  EXPECT_EQ(stopped->recordings + stopped->texts, 0);
  const auto swept = retention.Sweep();
  EXPECT_EQ(swept->recordings, 1);
  EXPECT_EQ(swept->texts, 1);
}

TEST_F(RetentionTest, AnErasedUserLeavesNothing) {
  const model::Session gone = Add(db_.user_id(), 1);
  const std::int64_t other = db_->users().Create({}).value().id;
  const model::Session stays = Add(other, 1);
  ASSERT_TRUE(db_->accounts().PutSettings(db_.user_id(), {}).ok());
  Retention retention({}, Parts());
  ASSERT_TRUE(retention.EraseUser(db_.user_id()).ok());
  EXPECT_FALSE(HasAudio(gone));
  EXPECT_FALSE(db_->sessions().Get(gone.id).ok());
  EXPECT_FALSE(db_->users().Get(db_.user_id()).ok());
  EXPECT_FALSE(db_->progress().Get(db_.user_id()).value().has_value());
  EXPECT_TRUE(db_->progress().Sounds(db_.user_id())->empty());
  EXPECT_EQ(retention.EraseUser(db_.user_id()).error().code, base::ErrorCode::kNotFound);
  EXPECT_TRUE(HasAudio(stays));
  EXPECT_TRUE(db_->sessions().Get(stays.id).ok());
}

}  // namespace
}  // namespace speechcoach::pipeline
