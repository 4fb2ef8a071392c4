#include "pronunciation/good_variants.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace speechcoach::pronunciation {
namespace {

// A word whose sound `at` was heard as `heard`; "" where it was left out.
model::WordResult Said(const std::vector<std::string>& phones, std::size_t at, std::string heard) {
  model::WordResult word;
  for (const std::string& phone : phones) {
    word.phones.emplace_back();
    word.phones.back().phone = phone;
  }
  word.phones[at].verdict = heard.empty() ? model::PhoneVerdict::kDeleted : model::PhoneVerdict::kSubstituted;
  word.phones[at].heard = std::move(heard);
  return word;
}

TEST(GoodVariants, VowelsThatAreOneBeforeAnR) {
  EXPECT_TRUE(IsGoodVariant(Said({"HH", "IY", "R"}, 1, "IH"), 1));
  EXPECT_TRUE(IsGoodVariant(Said({"DH", "EH", "R"}, 1, "EY"), 1));
  EXPECT_FALSE(IsGoodVariant(Said({"HH", "IY", "T"}, 1, "IH"), 1));
  EXPECT_FALSE(IsGoodVariant(Said({"HH", "IY", "R"}, 1, "AE"), 1));
}

TEST(GoodVariants, AnRIsNotDueExceptBeforeAVowel) {
  EXPECT_TRUE(IsGoodVariant(Said({"F", "AO", "R"}, 2, ""), 2));
  EXPECT_TRUE(IsGoodVariant(Said({"P", "AA", "R", "K"}, 2, "AA"), 2));
  EXPECT_FALSE(IsGoodVariant(Said({"V", "EH", "R", "IY"}, 2, ""), 2));
  EXPECT_FALSE(IsGoodVariant(Said({"R", "EH", "D"}, 0, ""), 0));
  EXPECT_FALSE(IsGoodVariant(Said({"F", "AO", "R"}, 2, "L"), 2));
}

TEST(GoodVariants, AStopBeforeAnRMayRub) {
  EXPECT_TRUE(IsGoodVariant(Said({"T", "R", "IY"}, 0, "CH"), 0));
  EXPECT_TRUE(IsGoodVariant(Said({"S", "T", "R", "IY", "T"}, 1, "CH"), 1));
  EXPECT_TRUE(IsGoodVariant(Said({"D", "R", "IY", "M"}, 0, "JH"), 0));
  EXPECT_FALSE(IsGoodVariant(Said({"T", "UW"}, 0, "CH"), 0));
  EXPECT_FALSE(IsGoodVariant(Said({"T", "R", "IY"}, 0, "JH"), 0));
  EXPECT_FALSE(IsGoodVariant(Said({"T", "R", "IY"}, 1, ""), 1)) << "the r stays";
  model::WordResult without_r = Said({"T", "R", "IY"}, 0, "CH");
  without_r.phones[1].verdict = model::PhoneVerdict::kDeleted;
  EXPECT_FALSE(IsGoodVariant(without_r, 0)) << "as in the north of Vietnam";
}

TEST(GoodVariants, VowelsThatWholeRegionsSayOtherwise) {
  EXPECT_TRUE(IsGoodVariant(Said({"K", "AO", "T"}, 1, "AA"), 1));
  EXPECT_TRUE(IsGoodVariant(Said({"HH", "AA", "T"}, 1, "AO"), 1));
  EXPECT_FALSE(IsGoodVariant(Said({"F", "AO", "R", "M"}, 1, "AA"), 1)) << "farm";
  model::WordResult teacher = Said({"T", "IY", "CH", "ER"}, 3, "AH");
  teacher.phones[3].ipa = "ɚ";
  EXPECT_TRUE(IsGoodVariant(teacher, 3));
  teacher.phones[3].ipa = "ɝ";
  EXPECT_FALSE(IsGoodVariant(teacher, 3)) << "bird is not bud";
}

}  // namespace
}  // namespace speechcoach::pronunciation
