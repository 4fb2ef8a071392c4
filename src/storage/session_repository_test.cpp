#include <algorithm>
#include <barrier>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <soci/soci.h>
#include <boost/json.hpp>

#include "json/model_json.h"
#include "json/session_text.h"
#include "storage/internal/page_cursor.h"
#include "storage/internal/statement.h"
#include "storage/open_sql.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

model::Analysis SomeAnalysis() {
  model::Analysis analysis;
  analysis.audio_duration_s = 4.25;
  analysis.transcript = {"It's a \"nice\" day.", {{"It's", 0.1, 0.4, 0.93}, {"day.", 1.0, 1.4, 0.8}}, 0.875, "base", false};
  analysis.prosody.pitch = {180.5, 25.25, 120.0, {{0.01, 0.0}, {0.02, 181.0}}};
  analysis.prosody.pauses = {0.5, {{1.5, 2.0}}};
  analysis.prosody.hnr_db = 17.5;
  analysis.miscues = {{model::MiscueKind::kReplaced, "nice", "rice"}};
  analysis.scores = {8.5, 9.0, 7.5, 8.0, 7.0, 6.5};
  analysis.feedback = {"Bạn phát âm rất rõ ràng!",
                       {{"Tốc độ vừa phải"}, {"Lên giọng ở cuối câu hỏi"}, "neutral_polite", "moderate", "Hơi đều"}};
  analysis.degraded_mode = true;
  analysis.llm_provider = "openai";
  analysis.failures = {{model::Stage::kFeedback, {base::ErrorCode::kFeedbackDegraded, "timeout"}}};
  analysis.times = {12, 150, 20, 1, 2, 190};
  return analysis;
}

// All of a session, as text.
std::string Describe(const model::Session& session) {
  boost::json::object object = json::ToJson(session);
  object["user_id"] = session.user_id;
  object["audio_key"] = session.audio_key;
  object["audio_format"] = session.audio_format;
  object["audio_size_bytes"] = session.audio_size_bytes;
  object["error_message"] = session.error ? session.error->message : "";
  object["analysis"] = session.analysis ? boost::json::value(json::ToJson(*session.analysis)) : nullptr;
  object["created_at_ms"] = session.created_at_ms;
  object["completed_at_ms"] = session.completed_at_ms;
  return boost::json::serialize(object);
}

// JSONB writes 1.0 as 1.
boost::json::value WithoutNumberKinds(boost::json::value value) {
  if (value.is_number()) return value.to_number<double>();
  if (auto* array = value.if_array()) {
    for (boost::json::value& item : *array) item = WithoutNumberKinds(std::move(item));
  }
  if (auto* object = value.if_object()) {
    for (auto& member : *object) member.value() = WithoutNumberKinds(std::move(member.value()));
  }
  return value;
}

class SessionRepositoryTest : public ::testing::Test {
 protected:
  SessionRepository& sessions() { return db_->sessions(); }

  model::Session FullSession() {
    EXPECT_TRUE(db_->SeedSentences().ok());
    model::Session session = db_.NewSession(1'795'365'000'125);
    session.mode = model::Mode::kSentencePractice;
    session.locale = model::Locale::kEn;
    session.sentence_id = 1;
    session.reference_text = "It's a nice day.";
    session.status = model::SessionStatus::kDegraded;
    session.audio_key = "sessions/2026/a.wav";
    session.audio_format = "wav";
    session.audio_size_bytes = 5'000'000'000;
    session.analysis = SomeAnalysis();
    session.completed_at_ms = 1'795'365'001'000;
    return session;
  }

  TemporaryDatabase db_;
};

TEST_F(SessionRepositoryTest, GivesBackWhatWasCreated) {
  model::Session failed = db_.NewSession();
  failed.status = model::SessionStatus::kFailed;
  failed.error = base::Error{base::ErrorCode::kNoSpeech, "silence"};
  for (const model::Session& session : {db_.NewSession(), failed, FullSession()}) {
    ASSERT_TRUE(sessions().Create(session).ok());
    const auto read = sessions().Get(session.id);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(Describe(*read), Describe(session));
  }
}

TEST_F(SessionRepositoryTest, AnUpdateReplacesEverything) {
  const model::Session full = FullSession();
  ASSERT_TRUE(sessions().Create(full).ok());
  model::Session again = db_.NewSession();
  again.id = full.id;
  again.status = model::SessionStatus::kProcessing;
  again.audio_key = full.audio_key;
  ASSERT_TRUE(sessions().UpdateIfStatus(again, model::SessionStatus::kDegraded).ok());
  EXPECT_EQ(Describe(*sessions().Get(full.id)), Describe(again));
  ASSERT_TRUE(sessions().UpdateIfStatus(full, model::SessionStatus::kProcessing).ok());
  EXPECT_EQ(Describe(*sessions().Get(full.id)), Describe(full));
}

TEST_F(SessionRepositoryTest, FillsTheColumnsThatAreReadWithSql) {
  const model::Session session = FullSession();
  ASSERT_TRUE(sessions().Create(session).ok());
  soci::session sql;
  OpenSql(db_, sql);
  double duration = 0;
  double overall = 0;
  double fluency = 0;
  int processing_ms = 0;
  int degraded = 0;
  std::string transcript;
  std::string feedback;
  std::string provider;
  std::string pitch;
  std::string strength;
  const bool postgresql = IsPostgresql(db_);
  Statement(sql, std::string("SELECT audio_duration_seconds, overall_score, fluency_score, processing_time_ms, "
                             "CAST(was_degraded_mode AS INTEGER), transcript, "
                             "conversational_feedback, llm_provider_used, ") +
                     (postgresql ? "prosody_features #>> '{pitch,mean}', detailed_feedback #>> '{strengths,0}' "
                                 : "prosody_features ->> '$.pitch.mean', detailed_feedback ->> '$.strengths[0]' ") +
                     "FROM speech_practice_sessions WHERE created_at = " +
                     (postgresql ? "TIMESTAMPTZ '2026-11-22T16:30:00.125Z'" : "1795365000125"))
      .Into(duration)
      .Into(overall)
      .Into(fluency)
      .Into(processing_ms)
      .Into(degraded)
      .Into(transcript)
      .Into(feedback)
      .Into(provider)
      .Into(pitch)
      .Into(strength)
      .ExecuteForOne();
  EXPECT_EQ(duration, 4.25);
  EXPECT_EQ(overall, 8.5);
  EXPECT_EQ(fluency, 6.5);
  EXPECT_EQ(processing_ms, 190);
  EXPECT_EQ(degraded, 1);
  EXPECT_EQ(transcript, "It's a \"nice\" day.");
  EXPECT_EQ(feedback, "Bạn phát âm rất rõ ràng!");
  EXPECT_EQ(provider, "openai");
  EXPECT_EQ(pitch, "180.5");
  EXPECT_EQ(strength, "Tốc độ vừa phải");
}

TEST_F(SessionRepositoryTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(sessions().Get(base::NewUuid()).error().code, base::ErrorCode::kSessionNotFound);
  EXPECT_EQ(sessions().Delete(base::NewUuid()).error().code, base::ErrorCode::kSessionNotFound);
}

TEST_F(SessionRepositoryTest, DeletingOneTakesItsJobsAlong) {
  const std::string id = db_.AddSession();
  ASSERT_TRUE(db_->jobs().Add({"analyse", id, 0}).ok());
  ASSERT_TRUE(sessions().Delete(id).ok());
  EXPECT_FALSE(sessions().Get(id).ok());
  EXPECT_TRUE(db_->jobs().Pending()->empty());
}

TEST_F(SessionRepositoryTest, ATakenIdAndAnUnknownUserAreConflictsThatKeepPersonalDataToThemselves) {
  model::Session session = FullSession();
  ASSERT_TRUE(sessions().Create(session).ok());
  const base::Status taken = sessions().Create(session);
  EXPECT_EQ(taken.error().code, base::ErrorCode::kConflict);
  EXPECT_THAT(taken.error().message, Not(HasSubstr("nice")));
  session.id = base::NewUuid();
  session.user_id = 999;
  EXPECT_EQ(sessions().Create(session).error().code, base::ErrorCode::kConflict);
}

TEST_F(SessionRepositoryTest, AStepFromAnotherStatusChangesNothing) {
  model::Session session = db_.NewSession();
  ASSERT_TRUE(sessions().Create(session).ok());
  model::Session step = session;
  step.status = model::SessionStatus::kCompleted;
  EXPECT_EQ(sessions().UpdateIfStatus(step, model::SessionStatus::kProcessing).error().code, base::ErrorCode::kWrongState);
  EXPECT_EQ(Describe(*sessions().Get(session.id)), Describe(session));
  step.id = base::NewUuid();
  EXPECT_EQ(sessions().UpdateIfStatus(step, model::SessionStatus::kCreated).error().code, base::ErrorCode::kWrongState);
}

TEST_F(SessionRepositoryTest, AnAnalysisOfAnotherRecordingEndsNothing) {
  model::Session session = db_.NewSession();
  session.status = model::SessionStatus::kProcessing;
  session.audio_key = "1/second.wav";
  ASSERT_TRUE(sessions().Create(session).ok());
  model::Session of_the_first = session;
  of_the_first.audio_key = "1/first.wav";
  of_the_first.status = model::SessionStatus::kCompleted;
  EXPECT_EQ(sessions().UpdateIfStatus(of_the_first, model::SessionStatus::kProcessing).error().code,
            base::ErrorCode::kWrongState);
  EXPECT_EQ(Describe(*sessions().Get(session.id)), Describe(session));
  session.status = model::SessionStatus::kCompleted;
  EXPECT_TRUE(sessions().UpdateIfStatus(session, model::SessionStatus::kProcessing).ok());
}

TEST_F(SessionRepositoryTest, OfManyWhoTakeTheSameStepExactlyOneWins) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 20;
  std::vector<model::Session> steps;
  for (int round = 0; round < kRounds; ++round) {
    steps.push_back(db_.NewSession());
    ASSERT_TRUE(sessions().Create(steps.back()).ok());
    steps.back().status = model::SessionStatus::kProcessing;
  }
  std::array<std::atomic<int>, kRounds> winners{};
  std::atomic<int> surprises = 0;
  std::barrier together(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        together.arrive_and_wait();
        const base::Status taken = sessions().UpdateIfStatus(steps[round], model::SessionStatus::kCreated);
        if (taken.ok()) ++winners[round];
        if (!taken.ok() && taken.error().code != base::ErrorCode::kWrongState) ++surprises;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::atomic<int>& count : winners) EXPECT_EQ(count, 1);
  EXPECT_EQ(surprises, 0);
}

TEST_F(SessionRepositoryTest, ListsByModeStatusAndTimeOnlyTheUsersOwn) {
  model::Session first = db_.NewSession(1'000);
  model::Session second = db_.NewSession(2'000);
  second.status = model::SessionStatus::kCompleted;
  second.analysis = SomeAnalysis();
  model::Session third = db_.NewSession(3'000);
  third.mode = model::Mode::kSentencePractice;
  model::Session foreign = db_.NewSession(2'500);
  foreign.user_id = db_->users().Create({})->id;
  for (const auto& session : {first, second, third, foreign}) ASSERT_TRUE(sessions().Create(session).ok());

  const auto ids = [&](const SessionFilter& filter) {
    std::vector<std::string> found;
    const auto page = sessions().List(db_.user_id(), filter);
    for (const model::Session& session : page->sessions) found.push_back(session.id);
    return found;
  };
  EXPECT_THAT(ids({}), ElementsAre(third.id, second.id, first.id));
  EXPECT_THAT(ids({.mode = model::Mode::kSentencePractice}), ElementsAre(third.id));
  EXPECT_THAT(ids({.status = model::SessionStatus::kCreated}), ElementsAre(third.id, first.id));
  EXPECT_THAT(ids({.created_from_ms = 2'000, .created_to_ms = 3'000}), ElementsAre(second.id));
  EXPECT_THAT(ids({.mode = model::Mode::kConversation, .status = model::SessionStatus::kCreated, .created_to_ms = 2'000}),
              ElementsAre(first.id));
  EXPECT_EQ(Describe(sessions().List(db_.user_id(), {.status = model::SessionStatus::kCompleted})->sessions.at(0)),
            Describe(second));
  EXPECT_EQ(*sessions().CountSince(db_.user_id(), 2'000), 2);
  EXPECT_THAT(*sessions().IdsWithStatus(model::SessionStatus::kCreated), ElementsAre(first.id, foreign.id, third.id));
}

TEST_F(SessionRepositoryTest, ListsAndTextsShowWhatTheSessionsHold) {
  model::Session plain = db_.NewSession(1'000);
  model::Session degraded = db_.NewSession(2'000);
  degraded.status = model::SessionStatus::kDegraded;
  degraded.audio_key = "1/a.wav";
  degraded.audio_format = "wav";
  degraded.analysis = SomeAnalysis();
  for (const auto& session : {plain, degraded}) ASSERT_TRUE(sessions().Create(session).ok());
  const auto page = sessions().ListSummaries(db_.user_id(), {.limit = 1});
  ASSERT_EQ(page->sessions.size(), 1u);
  const auto& shown = page->sessions[0].analysis;
  EXPECT_EQ(shown->transcript, degraded.analysis->transcript.text);
  EXPECT_EQ(shown->audio_duration_s, degraded.analysis->audio_duration_s);
  EXPECT_EQ(shown->scores.fluency, degraded.analysis->scores.fluency);
  EXPECT_TRUE(shown->degraded_mode);
  EXPECT_FALSE(sessions().ListSummaries(db_.user_id(), {.cursor = page->next_cursor})->sessions.at(0).analysis);
  for (const auto& session : {plain, degraded}) {
    const auto stored = sessions().GetStored(session.id);
    EXPECT_EQ(WithoutNumberKinds(boost::json::parse(json::SessionText(stored->session, stored->analysis).value())),
              WithoutNumberKinds(json::ToJson(sessions().Get(session.id).value())));
  }
  EXPECT_EQ(sessions().GetStored(base::NewUuid()).error().code, base::ErrorCode::kSessionNotFound);
}

TEST_F(SessionRepositoryTest, RefusesCursorsItDidNotGiveOutAndBadLimits) {
  const std::string good = EncodeCursor({5, base::NewUuid()});
  EXPECT_TRUE(sessions().List(db_.user_id(), {.cursor = good}).ok());
  std::string upper = good;
  upper[20] = 'F';
  std::string negative = good;
  negative[0] = 'f';
  for (const std::string& bad :
       {std::string("x"), good.substr(1), good + "0", upper, negative, std::string(48, '-'), std::string("' OR 1=1 --")}) {
    EXPECT_EQ(sessions().List(db_.user_id(), {.cursor = bad}).error().code, base::ErrorCode::kBadField) << bad;
  }
  for (const int limit : {-1, 0, 101}) {
    EXPECT_EQ(sessions().List(db_.user_id(), {.limit = limit}).error().code, base::ErrorCode::kBadField) << limit;
  }
}

RC_GTEST_PROP(PageCursorTest, LeadsBackToItsPosition, ()) {
  const PagePosition position{*rc::gen::inRange<std::int64_t>(0, 1LL << 60), base::NewUuid()};
  const auto decoded = DecodeCursor(EncodeCursor(position));
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(decoded->created_at_ms == position.created_at_ms);
  RC_ASSERT(decoded->id == position.id);
}

TEST_F(SessionRepositoryTest, PagesHoldEverySessionOnceNewestFirst) {
  rc::check([this] {
    const std::int64_t user_id = db_->users().Create({})->id;
    std::vector<std::pair<std::int64_t, std::string>> expected;
    const int count = *rc::gen::inRange(0, 15);
    for (const int time : *rc::gen::container<std::vector<int>>(count, rc::gen::inRange(0, 5))) {  // few times: many are equal
      model::Session session = db_.NewSession(time);
      session.user_id = user_id;
      RC_ASSERT(sessions().Create(session).ok());
      expected.emplace_back(time, session.id);
    }
    std::ranges::sort(expected, std::greater<>());

    SessionFilter filter{.limit = *rc::gen::inRange(1, 6)};
    std::vector<std::pair<std::int64_t, std::string>> found;
    do {
      const auto page = sessions().List(user_id, filter);
      RC_ASSERT(page.ok());
      RC_ASSERT(static_cast<int>(page->sessions.size()) <= filter.limit);
      for (const model::Session& session : page->sessions) found.emplace_back(session.created_at_ms, session.id);
      filter.cursor = page->next_cursor;
      // One that comes while a learner turns the pages does not move the others.
      model::Session newer = db_.NewSession(1'000);
      newer.user_id = user_id;
      if (!filter.cursor.empty()) RC_ASSERT(sessions().Create(newer).ok());
    } while (!filter.cursor.empty());
    RC_ASSERT(found == expected);
  });
}

TEST_F(SessionRepositoryTest, NoQueryReadsTheWholeTable) {
  if (IsPostgresql(db_)) GTEST_SKIP() << "its plans: postgresql_test.cpp";
  soci::session sql;
  OpenSql(db_, sql);
  const std::string by_user = "SELECT * FROM speech_practice_sessions WHERE user_id = 1 AND created_at >= 0 ";
  const std::string in_order = "ORDER BY created_at DESC, id DESC LIMIT 20";
  for (const std::string& query : {
           by_user + in_order,
           by_user + "AND (created_at, id) < (5, 'x') " + in_order,
           by_user + "AND status = 'completed' AND created_at < 9 AND (created_at, id) < (5, 'x') " + in_order,
           std::string("SELECT COUNT(*) FROM speech_practice_sessions WHERE user_id = 1 AND created_at >= 5"),
           std::string("SELECT id FROM speech_practice_sessions WHERE status = 'processing' ORDER BY created_at, id"),
           std::string("SELECT * FROM users WHERE email = 'x'"),
           std::string("UPDATE jobs SET attempt = 0 WHERE session_id = 'x' AND kind = 'y'"),
           std::string("SELECT kind FROM jobs ORDER BY id LIMIT 1"),
       }) {
    int id = 0;
    int parent = 0;
    int unused = 0;
    std::string detail;
    Statement plan(sql, "EXPLAIN QUERY PLAN " + query);
    plan.Into(id).Into(parent).Into(unused).Into(detail);
    for (bool more = plan.Execute(); more; more = plan.Next()) {
      EXPECT_THAT(detail, Not(HasSubstr("SCAN speech_practice_sessions"))) << query;
      EXPECT_THAT(detail, Not(HasSubstr("SCAN users"))) << query;
      EXPECT_THAT(detail, Not(HasSubstr("TEMP B-TREE"))) << query;
    }
  }
}

TEST_F(SessionRepositoryTest, ServesManyThreadsAtOnce) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 25;
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        model::Session session = db_.NewSession(round);
        const bool created = sessions().Create(session).ok();
        session.status = model::SessionStatus::kProcessing;
        const bool moved = sessions().UpdateIfStatus(session, model::SessionStatus::kCreated).ok();
        const auto read = sessions().Get(session.id);
        const bool listed = sessions().List(db_.user_id(), {.limit = 5}).ok();
        if (!created || !moved || !read.ok() || read->status != model::SessionStatus::kProcessing || !listed) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(*sessions().CountSince(db_.user_id(), 0), kThreads * kRounds);
}

}  // namespace
}  // namespace speechcoach::storage
