#include "stt/internal/repetition.h"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::stt {
namespace {

TEST(Repetition, LeavesHesitantSpeakersAlone) {
  EXPECT_EQ(LoopTail({}), 0U);
  EXPECT_EQ(LoopTail(std::vector{1, 2, 3}), 0U);
  EXPECT_EQ(LoopTail(std::vector{7, 7, 7, 7, 7}), 0U);     // no, no, no, no, no
  EXPECT_EQ(LoopTail(std::vector{1, 2, 1, 2, 1, 2}), 0U);  // I want, I want, I want
  EXPECT_EQ(LoopTail(std::vector{1, 2, 3, 4, 5, 1, 2, 3, 4, 5}), 0U);
}

TEST(Repetition, SeesLoopsAndWhatIsTooMuch) {
  EXPECT_EQ(LoopTail(std::vector{5, 7, 7, 7, 7, 7, 7, 7, 7}), 7U);
  EXPECT_EQ(LoopTail(std::vector{9, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5}), 10U);
}

TEST(Repetition, SeesALoopThatBreaksOffInThePhrase) {
  EXPECT_EQ(LoopTail(std::vector{9, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2}), 12U);
}

TEST(Repetition, SeesWhatIsSaidTwice) {
  EXPECT_TRUE(SaysTwice(std::vector{9, 1, 2, 3, 4, 5, 8, 1, 2, 3, 4, 5, 7}));
  EXPECT_FALSE(SaysTwice(std::vector{9, 1, 2, 3, 4, 8, 1, 2, 3, 4, 7}));
  EXPECT_FALSE(SaysTwice(std::vector{1, 1, 1, 1, 1, 1}));
  EXPECT_FALSE(SaysTwice({}));
}

RC_GTEST_PROP(Repetition, EveryPhraseSaidOftenEnoughIsALoop, ()) {
  const auto phrase = *rc::gen::container<std::vector<int>>(*rc::gen::inRange<std::size_t>(1, 24), rc::gen::arbitrary<int>());
  std::vector<int> tokens = *rc::gen::arbitrary<std::vector<int>>();
  for (int i = 0; i < 8; ++i) tokens.insert(tokens.end(), phrase.begin(), phrase.end());
  RC_ASSERT(LoopTail(tokens) >= 7 * phrase.size());
  RC_ASSERT(LoopTail(tokens) < tokens.size());
}

}  // namespace
}  // namespace speechcoach::stt
