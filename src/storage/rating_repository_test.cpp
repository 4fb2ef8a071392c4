#include "storage/rating_repository.h"

#include <set>

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

constexpr int kWanted = 2;
constexpr std::int64_t kConsentMs = 1'000;

class RatingRepositoryTest : public ::testing::Test {
 protected:
  std::int64_t NewUser() { return db_->users().Create({}).value().id; }

  // What a learner has read.
  model::Session Reading(std::int64_t at_ms) {
    model::Session session = db_.NewSession(at_ms);
    session.mode = model::Mode::kSentencePractice;
    session.reference_text = "Hello.";
    session.status = model::SessionStatus::kCompleted;
    session.audio_key = "1/a.wav";
    session.audio_format = "wav";
    model::Analysis& analysis = session.analysis.emplace();
    analysis.pronunciation.emplace().ratings = {7.5, 8.0, 6.5, 7.0};
    return session;
  }
  std::string AddReading(std::int64_t at_ms = kConsentMs) {
    const model::Session session = Reading(at_ms);
    EXPECT_TRUE(db_->sessions().Create(session).ok());
    return session.id;
  }
  std::optional<std::string> Next(std::int64_t rater) {
    const auto task = ratings().Next(rater, kWanted).value();
    return task ? std::optional(task->session_id) : std::nullopt;
  }
  base::Status Rate(const std::string& id, std::int64_t rater, double points) {
    return ratings().Rate(id, {rater, {points, points, points, points}, 5'000});
  }
  RatingRepository& ratings() { return db_->ratings(); }

  TemporaryDatabase db_;
};

TEST_F(RatingRepositoryTest, OnlyWhatIsReadAfterConsentIsOpen) {
  const std::int64_t rater = NewUser();
  const std::string before = AddReading(kConsentMs - 1);
  const std::string after = AddReading();
  EXPECT_FALSE(Next(rater));
  ASSERT_TRUE(ratings().SetConsent(db_.user_id(), true, kConsentMs).ok());
  EXPECT_TRUE(ratings().HasConsented(db_.user_id()).value());
  ASSERT_TRUE(ratings().SetConsent(db_.user_id(), true, kConsentMs + 999).ok()) << "said again changes nothing";
  EXPECT_EQ(Next(rater), after);
  EXPECT_EQ(ratings().OpenTo(rater, after)->user_id, db_.user_id());
  EXPECT_EQ(ratings().OpenTo(rater, before).error().code, base::ErrorCode::kSessionNotFound);
  EXPECT_FALSE(Next(db_.user_id())) << "nobody rates oneself";
}

TEST_F(RatingRepositoryTest, WhatIsUnfinishedSilentOrNoReadingIsNotOpen) {
  ASSERT_TRUE(ratings().SetConsent(db_.user_id(), true, kConsentMs).ok());
  model::Session talk = Reading(kConsentMs);
  talk.mode = model::Mode::kConversation;
  model::Session failed = Reading(kConsentMs);
  failed.status = model::SessionStatus::kFailed;
  model::Session forgotten = Reading(kConsentMs);
  forgotten.audio_key.clear();
  for (const model::Session& session : {talk, failed, forgotten}) ASSERT_TRUE(db_->sessions().Create(session).ok());
  EXPECT_FALSE(Next(NewUser()));
}

TEST_F(RatingRepositoryTest, TwoRateTheSameBeforeOthersAreBegun) {
  ASSERT_TRUE(ratings().SetConsent(db_.user_id(), true, kConsentMs).ok());
  const std::int64_t first = NewUser();
  const std::int64_t second = NewUser();
  for (int i = 0; i < 3; ++i) AddReading();
  const std::string begun = *Next(first);
  ASSERT_TRUE(Rate(begun, first, 3).ok());
  EXPECT_NE(Next(first), begun);
  EXPECT_EQ(Next(second), begun);
  ASSERT_TRUE(Rate(begun, second, 9).ok());
  ASSERT_TRUE(Rate(begun, second, 5).ok()) << "thought better of";
  EXPECT_NE(Next(NewUser()), begun);
  const auto all = ratings().All().value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].user_id, db_.user_id());
  EXPECT_EQ(all[0].given->accuracy, 7.5);
  ASSERT_EQ(all[0].human.size(), 2U);
  EXPECT_EQ(all[0].human[0].ratings.fluency + all[0].human[1].ratings.fluency, 8);
  EXPECT_EQ(Rate(base::NewUuid(), first, 3).error().code, base::ErrorCode::kSessionNotFound);
}

TEST_F(RatingRepositoryTest, ConsentThatIsTakenBackTakesTheRatingsWithIt) {
  ASSERT_TRUE(ratings().SetConsent(db_.user_id(), true, kConsentMs).ok());
  const std::string id = AddReading();
  ASSERT_TRUE(Rate(id, NewUser(), 3).ok());
  EXPECT_EQ(ratings().RatingsOf(id)->size(), 1U);
  ASSERT_TRUE(ratings().SetConsent(db_.user_id(), false, 9'000).ok());
  EXPECT_FALSE(ratings().HasConsented(db_.user_id()).value());
  EXPECT_TRUE(ratings().RatingsOf(id)->empty());
  EXPECT_FALSE(Next(NewUser()));
}

TEST_F(RatingRepositoryTest, NobodyRatesTheirOwnPupils) {
  ASSERT_TRUE(ratings().SetConsent(db_.user_id(), true, kConsentMs).ok());
  const std::string id = AddReading();
  const std::int64_t teacher = NewUser();
  EXPECT_EQ(Next(teacher), id);
  const std::int64_t its = db_->classes().Create({0, teacher, "9A", "CODE", 1}).value().id;
  ASSERT_TRUE(db_->classes().Join(its, db_.user_id(), "", kConsentMs).ok());
  EXPECT_FALSE(Next(teacher));
  EXPECT_EQ(ratings().OpenTo(teacher, id).error().code, base::ErrorCode::kSessionNotFound);
  EXPECT_EQ(Rate(id, teacher, 3).error().code, base::ErrorCode::kSessionNotFound);
  EXPECT_EQ(Next(NewUser()), id);
}

TEST_F(RatingRepositoryTest, WhatIsPassedOverIsFollowedByTheNext) {
  ASSERT_TRUE(ratings().SetConsent(db_.user_id(), true, kConsentMs).ok());
  for (int i = 0; i < 3; ++i) AddReading();
  const std::int64_t rater = NewUser();
  const std::int64_t other = NewUser();
  ASSERT_TRUE(Rate(*Next(other), other, 3).ok());
  std::vector<std::string> passed;
  std::string after;
  for (auto task = ratings().Next(rater, kWanted).value(); task; task = ratings().Next(rater, kWanted, after).value()) {
    after = task->session_id;
    passed.push_back(after);
    ASSERT_LE(passed.size(), 3U);
  }
  EXPECT_EQ(std::set<std::string>(passed.begin(), passed.end()).size(), 3U) << "each once";
  EXPECT_EQ(passed.front(), Next(rater));
}

TEST_F(RatingRepositoryTest, WhoBecomesAChildIsRatedByNobody) {
  ASSERT_TRUE(ratings().SetConsent(db_.user_id(), true, kConsentMs).ok());
  const std::string id = AddReading();
  ASSERT_TRUE(Rate(id, NewUser(), 3).ok());
  ASSERT_EQ(ratings().All()->size(), 1U);
  ASSERT_TRUE(db_->guardians().DeclareChild(db_.user_id(), kConsentMs).ok());
  EXPECT_TRUE(ratings().All()->empty());
  EXPECT_TRUE(ratings().RatingsOf(id)->empty());
  EXPECT_FALSE(ratings().HasConsented(db_.user_id()).value());
  EXPECT_EQ(Rate(id, NewUser(), 3).error().code, base::ErrorCode::kSessionNotFound);
  ASSERT_TRUE(ratings().SetConsent(db_.user_id(), true, kConsentMs).ok());
  EXPECT_FALSE(ratings().HasConsented(db_.user_id()).value()) << "a child cannot";
}

TEST_F(RatingRepositoryTest, TheCalibrationIsTheLastOneKept) {
  EXPECT_EQ(ratings().Calibration()->fluency.slope, 1.0) << "as it is";
  model::RatingCalibration calibration;
  calibration.fluency = {-0.5, 1.25};
  ASSERT_TRUE(ratings().KeepCalibration({.accuracy = {3, 3}, .fluency = {}, .prosodic = {}}, 1).ok());
  ASSERT_TRUE(ratings().KeepCalibration(calibration, 2).ok());
  EXPECT_EQ(ratings().Calibration()->accuracy.slope, 1.0);
  EXPECT_EQ(ratings().Calibration()->fluency.shift, -0.5);
  EXPECT_EQ(ratings().Calibration()->fluency.slope, 1.25);
}

}  // namespace
}  // namespace speechcoach::storage
