#include "pronunciation/vietnamese_profile.h"

#include <algorithm>
#include <set>
#include <span>
#include <string>

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

// What turns the first word's sounds into the second's: one sound changed, lost or added, and that the rule's.
bool IsContrast(const AccentRule& rule, const std::string& pair) {
  const auto has = [](const auto& phones, auto phone) { return std::ranges::find(phones, phone) != phones.end(); };
  const std::size_t slash = pair.find('/');
  const ReferenceText first = ToReferenceText(pair.substr(0, slash));
  const ReferenceText second = ToReferenceText(pair.substr(slash + 1));
  if (first.size() != 1 || second.size() != 1) return false;
  for (const Pronunciation& a : first[0].pronunciations) {
    for (const Pronunciation& b : second[0].pronunciations) {
      std::size_t i = 0;
      while (i < std::min(a.size(), b.size()) && a[i].phone == b[i].phone) ++i;
      const auto same_after = [&](std::size_t from_a, std::size_t from_b) {
        return std::ranges::equal(std::span(a).subspan(std::min(from_a, a.size())), std::span(b).subspan(std::min(from_b, b.size())), {}, &Sound::phone, &Sound::phone);
      };
      if (a.size() == b.size() && i < a.size() && same_after(i + 1, i + 1) && has(rule.sounds, a[i].phone) && has(rule.heard, b[i].phone)) return true;
      if (a.size() == b.size() + 1 && same_after(i + 1, i) && rule.may_be_missing) return true;
      if (b.size() == a.size() + 1 && same_after(i, i + 1) && has(rule.added, b[i].phone)) return true;
    }
  }
  return false;
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
      EXPECT_TRUE(IsContrast(rule, pair)) << rule.id << ": " << pair;
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

TEST(VietnameseProfile, TheVowelOfCutIsNoSchwa) {
  model::WordResult word = Word("luck", {Phone("L"), Phone("AH", PhoneVerdict::kSubstituted, "AA"), Phone("K")});
  word.phones[1].ipa = "ʌ";
  ASSERT_NE(RuleFor(word, 1), nullptr);
  EXPECT_EQ(RuleFor(word, 1)->id, "AH>AA");
  word.phones[1].ipa = "ə";
  EXPECT_EQ(RuleFor(word, 1)->id, "schwa>full");
}

TEST(VietnameseProfile, AHabitIsFollowedOverRecordings) {
  const auto think = [](bool right) { return Word("think", {right ? Phone("TH") : Phone("TH", PhoneVerdict::kSubstituted, "T"), Phone("IH"), Phone("NG"), Phone("K")}); };
  const std::vector<std::vector<model::WordResult>> recordings{{think(false), think(false)}, {Word("so", {Phone("S"), Phone("OW")})}, {think(false)}, {think(true), think(true)}};
  const auto habits = FindHabits(recordings);
  ASSERT_EQ(habits.size(), 1U);
  EXPECT_EQ(habits[0].pattern.id, "TH>T");
  EXPECT_EQ(habits[0].pattern.times, 3);
  EXPECT_EQ(habits[0].pattern.chances, 5);
  EXPECT_EQ(habits[0].recordings, 2);
  EXPECT_EQ(habits[0].pattern.words, std::vector<std::string>{"think"});
  EXPECT_DOUBLE_EQ(habits[0].earlier_share, 1.0);
  EXPECT_DOUBLE_EQ(habits[0].recent_share, 1.0 / 3.0);
  EXPECT_TRUE(FindHabits({}).empty());
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
