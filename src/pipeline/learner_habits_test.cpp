#include "pipeline/learner_habits.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace speechcoach::pipeline {
namespace {

// "think", its first sound well said or as a t.
model::Session Thinking(bool is_right, double text_match = 0.9) {
  model::PhoneResult first;
  first.phone = "TH";
  first.ipa = "θ";
  if (!is_right) {
    first.verdict = model::PhoneVerdict::kSubstituted;
    first.heard = "T";
    first.heard_ipa = "t";
  }
  model::WordResult word;
  word.text = "think";
  word.phones = {first};
  model::Session session;
  session.analysis.emplace();
  session.analysis->pronunciation.emplace();
  session.analysis->pronunciation->words = {word};
  session.analysis->pronunciation->text_match = text_match;
  return session;
}

TEST(LearnerHabitsTest, TheNewestSessionComesLast) {
  const std::vector<model::Session> newest_first{Thinking(true), Thinking(true), Thinking(false), Thinking(false)};
  const LearnerHabits found = HabitsIn(newest_first);
  EXPECT_EQ(found.recordings, 4);
  ASSERT_EQ(found.habits.size(), 1u);
  const pronunciation::Habit& habit = found.habits[0];
  EXPECT_EQ(habit.pattern.id, "TH>T");
  EXPECT_EQ(habit.recordings, 2);
  EXPECT_DOUBLE_EQ(habit.earlier_share, 1.0);
  EXPECT_DOUBLE_EQ(habit.recent_share, 0.0);
}

TEST(LearnerHabitsTest, WhatWasNotJudgedTellsNothing) {
  std::vector<model::Session> newest_first{Thinking(false), Thinking(false, 0.2), {}};
  newest_first.emplace_back().analysis.emplace();
  EXPECT_EQ(HabitsIn(newest_first).recordings, 1);
  EXPECT_TRUE(HabitsIn(newest_first).habits.empty()) << "once is no habit";
  EXPECT_EQ(HabitsIn({}).recordings, 0);
}

}  // namespace
}  // namespace speechcoach::pipeline
