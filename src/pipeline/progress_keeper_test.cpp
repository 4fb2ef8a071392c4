#include "pipeline/progress_keeper.h"

#include <algorithm>
#include <bit>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "analytics/progress.h"
#include "json/progress_json.h"
#include "storage/temporary_database.h"

namespace speechcoach::pipeline {
namespace {

// Everything that is kept of a user's progress, but for when it was written.
std::string Snapshot(storage::Database& database, std::int64_t user_id) {
  auto& progress = database.progress();
  boost::json::object all;
  const auto stored = progress.Get(user_id).value();
  if (stored) {
    const model::ProgressSummary& summary = stored->summary;
    all["sessions"] = summary.total_sessions;
    all["practice_ms"] = summary.practice_ms;
    // As bits: equal means equal.
    boost::json::array means;
    if (summary.averages) {
      for (const double mean : *summary.averages) means.emplace_back(std::bit_cast<std::uint64_t>(mean));
    }
    all["means"] = means;
    all["trend"] = summary.score_trend ? boost::json::value(std::bit_cast<std::uint64_t>(*summary.score_trend))
                                       : boost::json::value(nullptr);
    all["streaks"] = {summary.streak_days, summary.longest_streak_days, summary.last_day.value_or(-1)};
    all["weak_areas"] = boost::json::parse(stored->weak_areas_json);
  }
  boost::json::array days;
  for (const model::PracticeDay& day : progress.Days(user_id, -1'000'000, 1'000'000).value()) {
    days.push_back({day.day, day.sessions, day.practice_ms, boost::json::value_from(day.score_sums)});
  }
  all["days"] = days;
  boost::json::array sounds;
  for (const model::SpeechCount& sound : progress.Sounds(user_id).value())
    sounds.push_back({sound.text, sound.chances, sound.faults, sound.score_sum});
  all["sounds"] = sounds;
  boost::json::array reviews;
  for (const model::SentenceReview& review : progress.Reviews(user_id).value()) {
    reviews.push_back({review.sentence_id, review.readings, std::bit_cast<std::uint64_t>(review.last_score), review.last_day,
                       review.wants_another, review.repetitions, review.interval_days, review.easiness_hundredths,
                       review.due_day});
  }
  all["reviews"] = reviews;
  return boost::json::serialize(all);
}

class ProgressKeeperTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(db_->SeedSentences().ok()); }

  model::Session RandomSession(std::int64_t user_id, std::int64_t days) {
    const auto any = [this](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); };
    model::Session session;
    session.id = base::NewUuid();
    session.user_id = user_id;
    session.created_at_ms = 1'780'000'000'000 + any(0, static_cast<int>(days) * 1440) * std::int64_t{60'000};
    session.completed_at_ms = session.created_at_ms + 2'000;
    if (any(0, 1) == 0) {
      session.mode = model::Mode::kSentencePractice;
      session.sentence_id = any(1, 5);
    }
    session.status = any(0, 9) == 0 ? model::SessionStatus::kDegraded : model::SessionStatus::kCompleted;
    model::Analysis& analysis = session.analysis.emplace();
    analysis.audio_duration_s = any(1, 60'000) / 1000.0;
    for (double* score : {&analysis.scores.overall, &analysis.scores.pronunciation, &analysis.scores.prosody,
                          &analysis.scores.emotion, &analysis.scores.confidence, &analysis.scores.fluency}) {
      *score = any(0, 10'000) / 1000.0;
    }
    const std::vector<std::string> phones{"TH", "R", "S", "IY", "Z"};
    model::WordResult word{"word" + std::to_string(any(0, 3)),         0,  1,  any(0, 100) / 10.0,
                           static_cast<model::WordVerdict>(any(0, 3)), {}, {}, {}};
    for (int i = 0; i < 2; ++i) {
      word.phones.push_back({phones[static_cast<std::size_t>(any(0, 4))],
                             "",
                             0,
                             0,
                             any(0, 100) / 10.0,
                             static_cast<model::PhoneVerdict>(any(0, 3)),
                             {},
                             {},
                             0});
    }
    analysis.pronunciation.emplace().words = {word};
    return session;
  }
  std::int64_t NewUser() { return db_->users().Create({}).value().id; }

  std::mt19937 random_{20'261'123};
  storage::TemporaryDatabase db_;
  ProgressKeeper keeper_{db_->progress(), db_->accounts()};
};

TEST_F(ProgressKeeperTest, TenThousandSessionsInAnyOrderTwiceEqualTheRebuild) {
  std::vector<std::int64_t> users;
  for (int i = 0; i < 40; ++i) {
    users.push_back(NewUser());
    const model::LearnerSettings settings{i % 2 == 0 ? "Asia/Ho_Chi_Minh" : "America/New_York", model::Locale::kVi, "", 10};
    ASSERT_TRUE(db_->accounts().PutSettings(users.back(), settings).ok());
  }
  std::vector<model::Session> deliveries;
  for (int i = 0; i < 10'000; ++i) {
    const model::Session session = RandomSession(users[static_cast<std::size_t>(i) % users.size()], 120);
    ASSERT_TRUE(db_->sessions().Create(session).ok());
    deliveries.push_back(session);
    deliveries.push_back(session);
  }
  std::ranges::shuffle(deliveries, random_);
  for (const model::Session& session : deliveries) ASSERT_TRUE(keeper_.Count(session).ok());
  std::int64_t counted = 0;
  for (const std::int64_t user : users) {
    const std::string kept = Snapshot(*db_, user);
    counted += db_->progress().Get(user).value()->summary.total_sessions;
    ASSERT_EQ(keeper_.Rebuild(user).value(), 250);
    EXPECT_EQ(Snapshot(*db_, user), kept);
  }
  EXPECT_EQ(counted, 10'000);
}

TEST_F(ProgressKeeperTest, ARetriedSessionReplacesWhatItAdded) {
  const std::int64_t user = NewUser();
  model::Session session = RandomSession(user, 3);
  const model::Session other = RandomSession(user, 3);
  for (const auto& each : {session, other}) {
    ASSERT_TRUE(db_->sessions().Create(each).ok());
    ASSERT_TRUE(keeper_.Count(each).ok());
  }
  const model::SessionStatus before = session.status;
  session.analysis = RandomSession(user, 3).analysis;
  ASSERT_TRUE(db_->sessions().UpdateIfStatus(session, before).ok());
  ASSERT_TRUE(keeper_.Count(session).ok());
  const std::string kept = Snapshot(*db_, user);
  ASSERT_EQ(keeper_.Rebuild(user).value(), 2);
  EXPECT_EQ(Snapshot(*db_, user), kept);
}

TEST_F(ProgressKeeperTest, AFailedOrForgottenSessionIsTakenBack) {
  const std::int64_t user = NewUser();
  const model::Session kept = RandomSession(user, 3);
  model::Session failed = RandomSession(user, 3);
  const model::Session deleted = RandomSession(user, 3);
  ASSERT_TRUE(db_->sessions().Create(kept).ok());
  ASSERT_TRUE(keeper_.Count(kept).ok());
  const std::string before = Snapshot(*db_, user);
  for (const auto& each : {failed, deleted}) {
    ASSERT_TRUE(db_->sessions().Create(each).ok());
    ASSERT_TRUE(keeper_.Count(each).ok());
  }
  EXPECT_NE(Snapshot(*db_, user), before);
  const model::SessionStatus was = failed.status;
  failed.status = model::SessionStatus::kFailed;
  ASSERT_TRUE(db_->sessions().UpdateIfStatus(failed, was).ok());
  ASSERT_TRUE(keeper_.Count(failed).ok());
  ASSERT_TRUE(keeper_.Forget(user, deleted.id).ok());
  ASSERT_TRUE(keeper_.Forget(user, deleted.id).ok()) << "again changes nothing";
  EXPECT_EQ(Snapshot(*db_, user), before);
}

TEST_F(ProgressKeeperTest, ReadingsOfASentenceBecomeItsReviewWhereTheLearnerLives) {
  const std::int64_t user = NewUser();
  model::Session session = RandomSession(user, 1);
  session.status = model::SessionStatus::kCompleted;
  session.mode = model::Mode::kSentencePractice;
  session.sentence_id = 3;
  session.analysis->scores.pronunciation = 9.5;
  session.created_at_ms = 1'780'326'000'000;  // 2026-06-01, 22:00 in Viet Nam
  model::Session later = session;
  later.id = base::NewUuid();
  later.created_at_ms += 6 * 3'600'000;  // the next day there, the same day in UTC
  for (const auto& each : {later, session}) {
    ASSERT_TRUE(db_->sessions().Create(each).ok());
    ASSERT_TRUE(keeper_.Count(each).ok());
  }
  const auto reviews = db_->progress().Reviews(user).value();
  ASSERT_EQ(reviews.size(), 1u);
  EXPECT_EQ(reviews[0].sentence_id, 3);
  EXPECT_EQ(reviews[0].readings, 2);
  EXPECT_EQ(reviews[0].repetitions, 2);
  EXPECT_EQ(reviews[0].due_day, reviews[0].last_day + 6);
  ASSERT_TRUE(keeper_.Forget(user, later.id).ok());
  EXPECT_EQ(db_->progress().Reviews(user).value()[0].readings, 1);
  ASSERT_TRUE(db_->sessions().Delete(later.id).ok());
  ASSERT_TRUE(keeper_.Forget(user, session.id).ok());
  EXPECT_TRUE(db_->progress().Reviews(user).value().empty());
}

TEST_F(ProgressKeeperTest, ASessionThatIsGoneIsNotCounted) {
  EXPECT_EQ(keeper_.Count(RandomSession(NewUser(), 3)).error().code, base::ErrorCode::kConflict);
}

TEST_F(ProgressKeeperTest, WhatWasReadBeforeThereWasALearningPathIsCountedOnce) {
  ProgressKeeper keeper(db_->progress(), db_->accounts());
  for (int i = 0; i < 20; ++i) {
    const model::Session session = RandomSession(db_.user_id(), 10);
    ASSERT_TRUE(db_->sessions().Create(session).ok());
    ASSERT_TRUE(keeper.Count(session).ok());
  }
  const std::string before = Snapshot(*db_, db_.user_id());
  // As it was before the learning path came, then brought up to date.
  const auto migrations = db_->MigrationStatus().value();
  const auto older =
      std::ranges::count_if(migrations, [](const storage::MigrationState& each) { return each.name < "202611230340"; });
  ASSERT_TRUE(db_->MigrateDown(static_cast<int>(static_cast<std::ptrdiff_t>(migrations.size()) - older)).ok());
  ASSERT_TRUE(db_->MigrateUp().ok());
  EXPECT_TRUE(db_->progress().Reviews(db_.user_id())->empty());
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_EQ(keeper.RebuildDue(stopped.get_token()).value(), 0);
  EXPECT_EQ(keeper.RebuildDue({}).value(), 1);
  EXPECT_EQ(Snapshot(*db_, db_.user_id()), before);
  EXPECT_EQ(keeper.RebuildDue({}).value(), 0);
}

}  // namespace
}  // namespace speechcoach::pipeline
