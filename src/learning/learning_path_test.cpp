#include "learning/learning_path.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::learning {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t kToday = 20'000;

model::Sentence Sentence(std::int64_t id, std::vector<std::string> focus, std::string level = "A1") {
  return {id, "text", "văn bản", std::move(level), "topic", std::move(focus)};
}

model::SentenceReview Review(std::int64_t id, std::int64_t due_day, int interval_days = 1) {
  model::SentenceReview review;
  review.sentence_id = id;
  review.readings = 1;
  review.last_score = 9.0;
  review.last_day = due_day - interval_days;
  review.interval_days = interval_days;
  review.due_day = due_day;
  return review;
}

std::vector<std::int64_t> Ids(const LearningPath& path) {
  std::vector<std::int64_t> ids;
  for (const PathItem& item : path.items) ids.push_back(item.sentence->id);
  return ids;
}

TEST(LearningPathTest, ABeginnerStartsWithTheEasiest) {
  const std::vector<model::Sentence> sentences{Sentence(1, {"TH"}, "B1"), Sentence(2, {}, "A2"), Sentence(3, {"V"}),
                                               Sentence(4, {})};
  const auto path = PathFor({sentences, {}, {}, false, "", kToday}, 10);
  EXPECT_THAT(Ids(path), ElementsAre(3, 4, 2, 1));
  for (const PathItem& item : path.items) EXPECT_EQ(item.reason, PathReason::kNew);
}

TEST(LearningPathTest, DueSentencesGoFirstTheMostOverdueBeforeOthers) {
  const std::vector<model::Sentence> sentences{Sentence(1, {}), Sentence(2, {}), Sentence(3, {}), Sentence(4, {})};
  // Two days late after one day is more than three days late after ten.
  const std::vector<model::SentenceReview> reviews{Review(1, kToday - 3, 10), Review(2, kToday - 2, 1), Review(3, kToday + 1)};
  const auto path = PathFor({sentences, reviews, {}, false, "A1", kToday}, 10);
  EXPECT_THAT(Ids(path), ElementsAre(2, 1, 4, 3));
  EXPECT_EQ(path.due, 2);
  EXPECT_EQ(path.items[3].reason, PathReason::kAhead);
}

TEST(LearningPathTest, APoorReadingOfTodayComesAgain) {
  const std::vector<model::Sentence> sentences{Sentence(1, {}), Sentence(2, {})};
  auto poor = Review(1, kToday + 1);
  poor.wants_another = true;
  poor.last_day = kToday;
  auto yesterdays = poor;
  yesterdays.sentence_id = 2;
  yesterdays.last_day = kToday - 1;
  const std::vector<model::SentenceReview> reviews{poor, yesterdays};
  const auto path = PathFor({sentences, reviews, {}, false, "A1", kToday}, 10);
  ASSERT_EQ(path.items.size(), 2u);
  EXPECT_EQ(path.items[0].reason, PathReason::kAgain);
  EXPECT_EQ(path.items[1].reason, PathReason::kAhead);
}

TEST(LearningPathTest, NewSentencesHoldTheWeakSounds) {
  const std::vector<model::Sentence> sentences{Sentence(1, {"V"}), Sentence(2, {"TH"}), Sentence(3, {"TH"}),
                                               Sentence(4, {"final_S"})};
  const std::vector<model::SpeechCount> sounds{{"TH", 100, 60, 0}, {"S", 100, 40, 0}, {"V", 100, 0, 0}, {"AA", 700, 10, 0}};
  const auto path = PathFor({sentences, {}, sounds, false, "A1", kToday}, 3);
  // Once TH has been chosen, the other weak sound is worth more than TH again.
  EXPECT_THAT(Ids(path), ElementsAre(2, 4, 3));
  EXPECT_EQ(path.items[0].reason, PathReason::kWeakSound);
  EXPECT_THAT(path.items[1].focus, ElementsAre("final_S"));
  ASSERT_EQ(path.weak_sounds.size(), 2u);
  EXPECT_EQ(path.weak_sounds[0].sound, "TH");
}

TEST(LearningPathTest, WeakMelodyBringsSentencesForIt) {
  const std::vector<model::Sentence> sentences{Sentence(1, {"V"}), Sentence(2, {"rising_intonation"})};
  EXPECT_THAT(Ids(PathFor({sentences, {}, {}, true, "A1", kToday}, 1)), ElementsAre(2));
}

TEST(LearningPathTest, WhatIsTooHardIsLeftForLast) {
  const std::vector<model::Sentence> sentences{Sentence(1, {"TH"}, "C1"), Sentence(2, {}, "A1")};
  const std::vector<model::SpeechCount> sounds{{"TH", 100, 99, 0}, {"AA", 900, 1, 0}};
  EXPECT_THAT(Ids(PathFor({sentences, {}, sounds, false, "A1", kToday}, 2)), ElementsAre(2, 1));
}

TEST(LearningPathTest, OneSlipWeighsLessThanAHabit) {
  const std::vector<model::SpeechCount> sounds{{"ZH", 1, 1, 0}, {"TH", 200, 120, 0}, {"S", 300, 30, 0}};
  const auto weak = WeakSoundsOf(sounds);
  ASSERT_FALSE(weak.empty());
  EXPECT_EQ(weak.front().sound, "TH");
  EXPECT_TRUE(WeakSoundsOf({}).empty());
}

RC_GTEST_PROP(LearningPathProperties, ItIsAsLongAsAskedWithEachSentenceOnceAndAllDueOnesFirst, ()) {
  std::vector<model::Sentence> sentences;
  std::vector<model::SentenceReview> reviews;
  const int count = *rc::gen::inRange(0, 40);
  const std::vector<std::string> focus{"TH", "V", "final_S", "word_stress", "SH"};
  const std::vector<std::string> levels{"A1", "A2", "B1", "B2", "C1"};
  for (int id = 1; id <= count; ++id) {
    sentences.push_back(Sentence(id, {*rc::gen::elementOf(focus)}, *rc::gen::elementOf(levels)));
    if (*rc::gen::arbitrary<bool>()) reviews.push_back(Review(id, kToday + *rc::gen::inRange(-20, 20), *rc::gen::inRange(1, 40)));
  }
  const std::vector<model::SpeechCount> sounds{{"TH", 50, *rc::gen::inRange(0, 50), 0}, {"V", 50, *rc::gen::inRange(0, 50), 0}};
  const auto limit = *rc::gen::inRange<std::size_t>(0, 50);
  const auto path = PathFor({sentences, reviews, sounds, *rc::gen::arbitrary<bool>(), "", kToday}, limit);

  RC_ASSERT(path.items.size() == std::min(limit, sentences.size()));
  const auto ids = Ids(path);
  RC_ASSERT(std::set(ids.begin(), ids.end()).size() == ids.size());
  const auto due =
      static_cast<std::size_t>(std::ranges::count_if(reviews, [](const auto& review) { return review.due_day <= kToday; }));
  RC_ASSERT(path.due == static_cast<int>(due));
  for (std::size_t i = 0; i < path.items.size(); ++i) RC_ASSERT((path.items[i].reason == PathReason::kDue) == (i < due));
}

}  // namespace
}  // namespace speechcoach::learning
