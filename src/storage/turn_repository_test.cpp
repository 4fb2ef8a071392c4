#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/id.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

model::Turn NewTurn(const std::string& session_id, int number) {
  model::Turn turn;
  turn.session_id = session_id;
  turn.number = number;
  turn.coach.say = "What do you like to eat?";
  turn.coach.help_vi = "Bạn có thể nói: I like ...";
  turn.coach.corrections.push_back(
      {model::Correction::Kind::kVocabulary, "I very like", "I really like", "Tiếng Anh nói khác một chút."});
  turn.dialogue = R"({"topic":"food"})";
  turn.created_at_ms = 1'800'000'000'000 + number;
  return turn;
}

class TurnRepositoryTest : public ::testing::Test {
 protected:
  TemporaryDatabase db_;
};

TEST_F(TurnRepositoryTest, KeepsTurnsInTheirOrder) {
  const std::string id = db_.AddSession();
  ASSERT_TRUE(db_->turns().Add(NewTurn(id, 2)).ok());
  ASSERT_TRUE(db_->turns().Add(NewTurn(id, 1)).ok());
  ASSERT_TRUE(db_->turns().Add(NewTurn(db_.AddSession(), 1)).ok());
  db_.Reopen();
  const auto turns = db_->turns().Of(id);
  ASSERT_TRUE(turns.ok());
  ASSERT_EQ(turns->size(), 2u);
  const model::Turn& first = turns->front();
  EXPECT_EQ(first.number, 1);
  EXPECT_EQ(first.coach.help_vi, "Bạn có thể nói: I like ...");
  ASSERT_EQ(first.coach.corrections.size(), 1u);
  EXPECT_EQ(first.coach.corrections[0].kind, model::Correction::Kind::kVocabulary);
  EXPECT_EQ(first.coach.corrections[0].better, "I really like");
  EXPECT_EQ(first.created_at_ms, 1'800'000'000'001);
  EXPECT_FALSE(first.is_over());
  EXPECT_FALSE(first.analysis);
  EXPECT_TRUE(first.audio_key.empty());
  EXPECT_EQ((*turns)[1].number, 2);
}

TEST_F(TurnRepositoryTest, AnAnswerIsAddedAndTakenAway) {
  const std::string id = db_.AddSession();
  model::Turn turn = NewTurn(id, 1);
  ASSERT_TRUE(db_->turns().Add(turn).ok());
  turn.audio_key = "1/a.wav";
  turn.audio_format = "wav";
  turn.audio_size_bytes = 44;
  turn.analysis.emplace();
  turn.analysis->transcript.text = "I like phở";
  turn.analysis->scores.overall = 7.5;
  turn.completed_at_ms = 1'800'000'009'000;
  ASSERT_TRUE(db_->turns().Update(turn).ok());
  model::Turn kept = db_->turns().Of(id)->front();
  EXPECT_EQ(kept.audio_key, "1/a.wav");
  EXPECT_EQ(kept.audio_size_bytes, 44);
  EXPECT_EQ(kept.analysis->transcript.text, "I like phở");
  EXPECT_DOUBLE_EQ(kept.analysis->scores.overall, 7.5);
  EXPECT_EQ(kept.completed_at_ms, 1'800'000'009'000);
  kept.audio_key.clear();
  kept.dialogue.clear();
  kept.analysis.reset();
  kept.error = base::Error{base::ErrorCode::kNoSpeech, "nobody spoke"};
  ASSERT_TRUE(db_->turns().Update(kept).ok());
  kept = db_->turns().Of(id)->front();
  EXPECT_TRUE(kept.audio_key.empty());
  EXPECT_TRUE(kept.dialogue.empty());
  EXPECT_FALSE(kept.analysis);
  EXPECT_EQ(kept.error->code, base::ErrorCode::kNoSpeech);
}

TEST_F(TurnRepositoryTest, BelongsToASession) {
  const std::string id = db_.AddSession();
  ASSERT_TRUE(db_->turns().Add(NewTurn(id, 1)).ok());
  EXPECT_EQ(db_->turns().Add(NewTurn(id, 1)).error().code, base::ErrorCode::kConflict);
  EXPECT_EQ(db_->turns().Add(NewTurn(base::NewUuid(), 1)).error().code, base::ErrorCode::kConflict);
  EXPECT_EQ(db_->turns().Update(NewTurn(id, 2)).error().code, base::ErrorCode::kNotFound);
  ASSERT_TRUE(db_->sessions().Delete(id).ok());
  EXPECT_TRUE(db_->turns().Of(id)->empty());
}

TEST_F(TurnRepositoryTest, AUsersRecordingsAreThoseOfTheTurnsToo) {
  model::Session session = db_.NewSession();
  session.audio_key = "1/new.wav";
  ASSERT_TRUE(db_->sessions().Create(session).ok());
  for (int number : {1, 2}) {
    model::Turn turn = NewTurn(session.id, number);
    turn.audio_key = number == 1 ? "1/old.wav" : "1/new.wav";
    ASSERT_TRUE(db_->turns().Add(turn).ok());
  }
  const auto keys = db_->retention().AudioKeysOf(db_.user_id());
  ASSERT_TRUE(keys.ok());
  EXPECT_EQ(std::set<std::string>(keys->begin(), keys->end()), (std::set<std::string>{"1/new.wav", "1/old.wav"}));
  EXPECT_EQ(keys->size(), 2u);
}

}  // namespace
}  // namespace speechcoach::storage
