#include "analytics/struggles.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace speechcoach::analytics {
namespace {

model::Contribution Session(std::int64_t user_id, std::int64_t day, std::vector<model::SpeechCount> sounds) {
  model::Contribution made{"session", user_id, {day, 1, 5'000, {}}, std::move(sounds), {{"three", 2, 2, 4'000}}};
  made.day.score_sums.fill(6'000);
  return made;
}

TEST(StrugglesTest, NobodyPractised) {
  const ClassStruggles struggles = StrugglesOf({});
  EXPECT_TRUE(struggles.learners.empty());
  EXPECT_TRUE(struggles.sounds.empty());
}

TEST(StrugglesTest, EachLearnersSessionsAreSummedOnTheirOwn) {
  const std::vector<model::Contribution> sessions{
      Session(8, 2, {{"TH", 4, 3, 8'000}}),
      Session(7, 1, {{"TH", 2, 1, 9'000}, {"S", 9, 0, 81'000}}),
      Session(7, 3, {{"TH", 2, 1, 9'000}}),
  };
  const ClassStruggles struggles = StrugglesOf(sessions);
  ASSERT_EQ(struggles.learners.size(), 2U);
  EXPECT_EQ(struggles.learners[0].user_id, 7);
  EXPECT_EQ(struggles.learners[0].sessions, 2);
  ASSERT_EQ(struggles.learners[0].weak_areas.sounds.size(), 1U) << "a sound that never went wrong is not weak";
  EXPECT_EQ(struggles.learners[0].weak_areas.sounds[0], (model::SpeechCount{"TH", 4, 2, 18'000}));
  EXPECT_EQ(struggles.learners[0].weak_areas.words[0], (model::SpeechCount{"three", 4, 4, 8'000}));
  EXPECT_EQ(struggles.learners[1].user_id, 8);
  ASSERT_EQ(struggles.sounds.size(), 1U);
  EXPECT_EQ(struggles.sounds[0].learners, 2);
  EXPECT_EQ(struggles.sounds[0].count, (model::SpeechCount{"TH", 8, 5, 26'000}));
}

TEST(StrugglesTest, WhatIsHardForMostComesFirst) {
  const std::vector<model::Contribution> sessions{
      Session(1, 1, {{"DH", 10, 3, 0}, {"ZH", 3, 3, 0}}),
      Session(2, 1, {{"DH", 10, 3, 0}, {"AE", 4, 3, 0}}),
  };
  const ClassStruggles struggles = StrugglesOf(sessions);
  ASSERT_EQ(struggles.sounds.size(), 3U);
  EXPECT_EQ(struggles.sounds[0].count.text, "DH") << "for two";
  EXPECT_EQ(struggles.sounds[1].count.text, "ZH") << "always wrong";
  EXPECT_EQ(struggles.sounds[2].count.text, "AE");
}

TEST(StrugglesTest, TheOrderOfSessionsDoesNotMatter) {
  std::vector<model::Contribution> sessions;
  for (int i = 0; i < 12; ++i)
    sessions.push_back(Session(i % 3, i / 3, {{std::string(1, static_cast<char>('A' + i % 5)), 4, 2, 5'000}}));
  const ClassStruggles one = StrugglesOf(sessions);
  std::ranges::reverse(sessions);
  const ClassStruggles other = StrugglesOf(sessions);
  ASSERT_EQ(one.sounds.size(), other.sounds.size());
  for (std::size_t i = 0; i < one.sounds.size(); ++i) EXPECT_EQ(one.sounds[i].count, other.sounds[i].count);
  for (std::size_t i = 0; i < one.learners.size(); ++i)
    EXPECT_EQ(one.learners[i].weak_areas.sounds, other.learners[i].weak_areas.sounds);
}

}  // namespace
}  // namespace speechcoach::analytics
