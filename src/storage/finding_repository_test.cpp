#include "storage/finding_repository.h"

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

class FindingRepositoryTest : public ::testing::Test {
 protected:
  FindingRepositoryTest() {
    session_ = db_.NewSession();
    session_.audio_key = "1/first.wav";
    session_.status = model::SessionStatus::kProcessing;
    if (!db_->sessions().Create(session_).ok()) throw std::runtime_error("no session");
  }

  StageFindings Found() { return findings_.Of(session_.id).value(); }
  void Move(model::SessionStatus to) {
    const model::SessionStatus from = session_.status;
    session_.status = to;
    ASSERT_TRUE(db_->sessions().UpdateIfStatus(session_, from).ok());
  }

  TemporaryDatabase db_;
  FindingRepository& findings_ = db_->findings();
  model::Session session_;
};

TEST_F(FindingRepositoryTest, KeepsWhatEachStageFound) {
  EXPECT_TRUE(Found().voice.empty());
  ASSERT_TRUE(findings_.KeepVoice(session_.id, session_.audio_key, R"({"tone":"tăng"})").ok());
  EXPECT_EQ(Found().voice, R"({"tone":"tăng"})");
  EXPECT_TRUE(Found().analysis.empty());
  ASSERT_TRUE(findings_.KeepAnalysis(session_.id, session_.audio_key, "{}").ok());
  ASSERT_TRUE(findings_.KeepAnalysis(session_.id, session_.audio_key, R"({"again":1})").ok());
  EXPECT_EQ(Found().analysis, R"({"again":1})");
  EXPECT_EQ(Found().voice, R"({"tone":"tăng"})");
}

TEST_F(FindingRepositoryTest, AChangeOfStatusForgetsThem) {
  ASSERT_TRUE(findings_.KeepVoice(session_.id, session_.audio_key, "{}").ok());
  ASSERT_TRUE(findings_.KeepAnalysis(session_.id, session_.audio_key, "{}").ok());
  Move(model::SessionStatus::kFailed);
  EXPECT_TRUE(Found().voice.empty());
  EXPECT_TRUE(Found().analysis.empty());
  EXPECT_EQ(findings_.KeepVoice(session_.id, session_.audio_key, "{}").error().code, base::ErrorCode::kWrongState);
  Move(model::SessionStatus::kProcessing);
  EXPECT_TRUE(Found().voice.empty());
}

TEST_F(FindingRepositoryTest, OfAnotherRecordingNothingIsKept) {
  EXPECT_EQ(findings_.KeepAnalysis(session_.id, "1/other.wav", "{}").error().code, base::ErrorCode::kWrongState);
  EXPECT_TRUE(Found().analysis.empty());
  EXPECT_EQ(findings_.Of(base::NewUuid()).error().code, base::ErrorCode::kSessionNotFound);
}

}  // namespace
}  // namespace speechcoach::storage
