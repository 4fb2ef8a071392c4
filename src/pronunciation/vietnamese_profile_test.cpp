#include "pronunciation/vietnamese_profile.h"

#include <set>

#include <gtest/gtest.h>

#include "pronunciation/reference_text.h"

namespace speechcoach::pronunciation {
namespace {

using model::PhoneVerdict;

model::PhoneResult Phone(std::string name, PhoneVerdict verdict = PhoneVerdict::kOk, std::string heard = "") {
  model::PhoneResult phone;
  phone.phone = std::move(name);
  phone.verdict = verdict;
  phone.heard = std::move(heard);
  return phone;
}

model::WordResult Word(std::string text, std::vector<model::PhoneResult> phones) {
  model::WordResult word;
  word.text = std::move(text);
  word.phones = std::move(phones);
  return word;
}

TEST(VietnameseProfile, EveryRuleIsComplete) {
  std::set<std::string> ids;
  for (const AccentRule& rule : AccentRules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id << " is there twice";
    EXPECT_FALSE(rule.tip_vi.empty()) << rule.id;
    EXPECT_FALSE(rule.tip_en.empty()) << rule.id;
    EXPECT_NE(rule.sounds.empty(), rule.added.empty()) << rule.id << ": either sounds or added ones";
    EXPECT_TRUE(rule.may_be_missing || !rule.heard.empty() || !rule.added.empty()) << rule.id;
    EXPECT_TRUE(rule.region.empty() || rule.region == "north" || rule.region == "south") << rule.id;
    for (const std::string& pair : rule.minimal_pairs) {
      EXPECT_EQ(std::count(pair.begin(), pair.end(), '/'), 1) << rule.id << ": " << pair;
      EXPECT_FALSE(ToReferenceText(pair.substr(0, pair.find('/'))).empty()) << pair;
    }
  }
  EXPECT_GE(ids.size(), 35U);
}

TEST(VietnameseProfile, CountsWhatWasHeardAndWhatWasDue) {
  const std::vector words{
      Word("think", {Phone("TH", PhoneVerdict::kSubstituted, "T"), Phone("IH"), Phone("NG"), Phone("K", PhoneVerdict::kDeleted)}),
      Word("bath", {Phone("B"), Phone("AE", PhoneVerdict::kSubstituted, "EH"), Phone("TH")}),
      Word("thin", {Phone("TH", PhoneVerdict::kSubstituted, "S"), Phone("IH"), Phone("N")})};
  const auto patterns = FindAccentPatterns(words);
  ASSERT_FALSE(patterns.empty());
  EXPECT_EQ(patterns[0].id, "TH>T");
  EXPECT_EQ(patterns[0].times, 2);
  EXPECT_EQ(patterns[0].chances, 3);
  EXPECT_EQ(patterns[0].words, (std::vector<std::string>{"think", "thin"}));
  std::set<std::string> ids;
  for (const auto& pattern : patterns) ids.insert(pattern.id);
  EXPECT_TRUE(ids.contains("K>none"));
  EXPECT_TRUE(ids.contains("AE>EH"));
  EXPECT_EQ(ids.size(), 3U);
}

TEST(VietnameseProfile, ThePlaceInTheWordMatters) {
  const auto lost = [](std::string name, bool at_end) {
    std::vector<model::PhoneResult> phones{Phone("AA")};
    phones.insert(at_end ? phones.end() : phones.begin(), Phone(std::move(name), PhoneVerdict::kDeleted));
    return Word("w", std::move(phones));
  };
  const model::WordResult end = lost("S", true);
  ASSERT_NE(RuleFor(end, 1), nullptr);
  EXPECT_EQ(RuleFor(end, 1)->id, "S>none");
  EXPECT_EQ(RuleFor(lost("S", false), 0), nullptr) << "an s lost at the start is no known habit";
}

TEST(VietnameseProfile, WordsThatWereLeftOutShowNothing) {
  model::WordResult word = Word("cats", {Phone("K", PhoneVerdict::kDeleted), Phone("S", PhoneVerdict::kDeleted)});
  word.verdict = model::WordVerdict::kOmitted;
  EXPECT_TRUE(FindAccentPatterns(std::vector{word}).empty());
}

TEST(VietnameseProfile, AddedSoundsCount) {
  model::WordResult word = Word("street", {Phone("S"), Phone("T"), Phone("R"), Phone("IY"), Phone("T")});
  word.inserted = {"AH"};
  const auto patterns = FindAccentPatterns(std::vector{word});
  ASSERT_EQ(patterns.size(), 1U);
  EXPECT_EQ(patterns[0].id, "+schwa");
}

}  // namespace
}  // namespace speechcoach::pronunciation
