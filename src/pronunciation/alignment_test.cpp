#include "pronunciation/alignment.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "pronunciation/test_posteriors.h"

namespace speechcoach::pronunciation {
namespace {

ReferenceWord Word(std::string text, std::vector<Pronunciation> pronunciations) {
  return {std::move(text), std::move(pronunciations), 0};
}

TEST(Alignment, FindsWhereEachPhoneIs) {
  const auto alignment =
      Align(Saying({"-", "B", "B", "AH", "-", "G", "Z", "-"}), {Word("bugs", {Sounds({"B", "AH1", "G", "Z"})})});
  ASSERT_TRUE(alignment.has_value());
  ASSERT_EQ(alignment->phones.size(), 4U);
  EXPECT_EQ(alignment->phones[0].first_frame, 1U);
  EXPECT_EQ(alignment->phones[0].last_frame, 2U);
  EXPECT_EQ(alignment->phones[1].first_frame, 3U);
  EXPECT_EQ(alignment->phones[2].first_frame, 5U);
  EXPECT_EQ(alignment->phones[3].last_frame, 6U);
}

TEST(Alignment, TakesThePronunciationThatWasSaid) {
  const ReferenceText text{
      Word("a", {Sounds({"AH0"}), Sounds({"EY1"})}),
      Word("tomato", {Sounds({"T", "AH0", "M", "EY1", "T", "OW2"}), Sounds({"T", "AH0", "M", "AA1", "T", "OW2"})})};
  const auto alignment = Align(Saying({"EY", "-", "T", "AH", "M", "AA", "AA", "T", "-", "OW"}), text);
  ASSERT_TRUE(alignment.has_value());
  EXPECT_EQ(alignment->pronunciation, (std::vector<std::size_t>{1, 1}));
  EXPECT_EQ(alignment->phones[4].sound.phone, P("AA"));
  EXPECT_EQ(alignment->phones[0].word, 0U);
  EXPECT_EQ(alignment->phones[6].word, 1U);
}

TEST(Alignment, DoubledPhonesAreHeldApart) {
  const ReferenceText text{Word("bus", {Sounds({"B", "AH1", "S"})}), Word("stop", {Sounds({"S", "T", "AA1", "P"})})};
  const auto alignment = Align(Saying({"B", "AH", "S", "S", "S", "T", "AA", "P"}), text);
  ASSERT_TRUE(alignment.has_value());
  EXPECT_LT(alignment->phones[2].last_frame + 1, alignment->phones[3].first_frame) << "a blank lies between";
}

TEST(Alignment, TooLongOrEmptyTextsHaveNone) {
  EXPECT_FALSE(Align(Saying({"B"}), {Word("bus", {Sounds({"B", "AH1", "S"})})}).has_value());
  EXPECT_FALSE(Align(Saying({"B"}), {}).has_value());
  EXPECT_FALSE(Align({}, {Word("a", {Sounds({"AH0"})})}).has_value());
}

TEST(Alignment, PhonesAreInOrderAndDoNotOverlap) {
  EXPECT_TRUE(rc::check([] {
    const auto rows = *rc::gen::container<std::vector<std::vector<double>>>(
        30, rc::gen::container<std::vector<double>>(kClassCount,
                                                    rc::gen::map(rc::gen::inRange(-500, 500), [](int x) { return x / 100.0; })));
    const ReferenceText text{Word("the", {Sounds({"DH", "AH0"}), Sounds({"DH", "IY0"})}),
                             Word("west", {Sounds({"W", "EH1", "S", "T"})}), Word("town", {Sounds({"T", "AW1", "N"})})};
    const auto alignment = Align(PosteriorsOf(rows), text);
    RC_ASSERT(alignment.has_value());
    RC_ASSERT(alignment->phones.size() == 9U);
    for (std::size_t i = 0; i < alignment->phones.size(); ++i) {
      RC_ASSERT(alignment->phones[i].first_frame <= alignment->phones[i].last_frame);
      if (i > 0) RC_ASSERT(alignment->phones[i].first_frame > alignment->phones[i - 1].last_frame);
    }
  }));
}

TEST(Alignment, ATextThatCannotFitIsRefusedAtOnce) {
  const Posteriors posteriors = Saying({"T", "-", "T"});
  ReferenceText text(400,
                     {"word", std::vector<Pronunciation>(kMaxPronunciations, Sounds({"T", "AA1", "T", "AA1", "T", "AA1"})), 0});
  EXPECT_FALSE(Align(posteriors, text));
  EXPECT_FALSE(Align(posteriors, {{"word", {Sounds({"T", "AA1", "T", "AA1"})}, 0}}));
  EXPECT_TRUE(Align(posteriors, {{"word", {Sounds({"T", "T"})}, 0}}));
}

}  // namespace
}  // namespace speechcoach::pronunciation
