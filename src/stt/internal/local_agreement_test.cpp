#include "stt/internal/local_agreement.h"

#include <initializer_list>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace speechcoach::stt {
namespace {

using testing::ElementsAre;

std::vector<model::Word> Words(std::initializer_list<const char*> texts, double from_s = 0.0) {
  std::vector<model::Word> words;
  for (const char* text : texts) {
    words.push_back({text, from_s, from_s + 0.4, 0.9});
    from_s += 0.5;
  }
  return words;
}

std::vector<std::string> Texts(const LocalAgreement& agreement) {
  std::vector<std::string> texts;
  for (const model::Word& word : agreement.words()) texts.push_back(word.text);
  return texts;
}

TEST(LocalAgreement, TwoHearingsMakeAWordStable) {
  LocalAgreement agreement;
  agreement.Hear(Words({"We", "cold"}));
  EXPECT_EQ(agreement.stable(), 0U);
  agreement.Hear(Words({"We", "call", "it."}));
  EXPECT_EQ(agreement.stable(), 1U);
  agreement.Hear(Words({"we", "call", "it", "bear."}));
  EXPECT_EQ(agreement.stable(), 3U);
  EXPECT_THAT(Texts(agreement), ElementsAre("We", "call", "it", "bear."));
}

TEST(LocalAgreement, StableWordsStayEvenWhereAHearingLosesThem) {
  LocalAgreement agreement;
  agreement.Hear(Words({"We", "call", "it"}));
  agreement.Hear(Words({"We", "call", "it"}));
  agreement.Hear(Words({}));
  EXPECT_EQ(agreement.stable(), 3U);
  EXPECT_THAT(Texts(agreement), ElementsAre("We", "call", "it"));
  agreement.Hear(Words({"He", "called", "it", "bear"}));
  EXPECT_THAT(Texts(agreement), ElementsAre("We", "call", "it", "bear"));
  EXPECT_EQ(agreement.stable(), 3U);
}

TEST(LocalAgreement, AWordThatAHearingAddsOrLosesMovesNoOther) {
  LocalAgreement agreement;
  agreement.Hear(Words({"I", "like", "tea"}));
  agreement.Hear(Words({"I", "like", "tea"}));
  agreement.Hear(Words({"I", "like", "green", "tea", "and"}));
  EXPECT_THAT(Texts(agreement), ElementsAre("I", "like", "tea", "and"));
  agreement.Hear(Words({"I", "tea", "and", "milk"}));
  EXPECT_THAT(Texts(agreement), ElementsAre("I", "like", "tea", "and", "milk"));
  EXPECT_EQ(agreement.stable(), 4U);
}

TEST(LocalAgreement, AContractionAtItsEndNeitherLosesNorDoublesAWord) {
  LocalAgreement apart;
  apart.Hear({{"it", 0.0, 0.2, 0.9}, {"is", 0.2, 0.4, 0.9}});
  apart.Hear({{"it", 0.0, 0.2, 0.9}, {"is", 0.2, 0.4, 0.9}});
  apart.Hear({{"it's", 0.0, 0.4, 0.9}, {"a", 0.4, 0.5, 0.9}, {"dog", 0.5, 0.9, 0.9}});
  EXPECT_THAT(Texts(apart), ElementsAre("it", "is", "a", "dog"));
  LocalAgreement together;
  together.Hear({{"I", 0.0, 0.2, 0.9}, {"cannot", 0.2, 0.8, 0.9}});
  together.Hear({{"I", 0.0, 0.2, 0.9}, {"cannot", 0.2, 0.8, 0.9}});
  together.Hear({{"I", 0.0, 0.2, 0.9}, {"can", 0.2, 0.5, 0.9}, {"not", 0.5, 0.8, 0.9}, {"do", 0.9, 1.1, 0.9}});
  EXPECT_THAT(Texts(together), ElementsAre("I", "cannot", "do"));
}

TEST(LocalAgreement, WhatIsSettledStaysAlthoughItWasHeardOnce) {
  LocalAgreement agreement;
  agreement.Hear(Words({"We", "call", "it"}));
  agreement.Settle(0.9);
  EXPECT_EQ(agreement.stable(), 2U);
  agreement.Forget(0.9);
  agreement.Hear(Words({"bear"}, 5.0));
  EXPECT_THAT(Texts(agreement), ElementsAre("We", "call", "bear"));
}

TEST(LocalAgreement, ForgetsOnlyWhatIsStableAndGoesOnBehindIt) {
  LocalAgreement agreement;
  agreement.Hear(Words({"We", "call", "it", "bear"}));
  agreement.Hear(Words({"We", "call", "it", "beer"}));
  EXPECT_DOUBLE_EQ(agreement.Forget(1.0), 0.9);
  agreement.Hear(Words({"it", "bear", "now"}, 1.0));
  EXPECT_THAT(Texts(agreement), ElementsAre("We", "call", "it", "bear", "now"));
  EXPECT_EQ(agreement.stable(), 3U);
  agreement.Hear(Words({"it", "bear", "now"}, 1.0));
  EXPECT_EQ(agreement.stable(), 5U);
}

TEST(LocalAgreement, NothingIsForgottenBeforeItIsStable) {
  LocalAgreement agreement;
  agreement.Hear(Words({"We", "call"}));
  EXPECT_EQ(agreement.Forget(10.0), 0.0);
}

}  // namespace
}  // namespace speechcoach::stt
