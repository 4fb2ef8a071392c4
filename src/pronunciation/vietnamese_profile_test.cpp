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
  phone.ipa = Ipa(*PhoneFromName(name), Stress::kPrimary);
  phone.phone = std::move(name);
  phone.verdict = verdict;
  if (!heard.empty()) phone.heard_ipa = Ipa(*PhoneFromName(heard), Stress::kPrimary);
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
        return std::ranges::equal(std::span(a).subspan(std::min(from_a, a.size())),
                                  std::span(b).subspan(std::min(from_b, b.size())), {}, &Sound::phone, &Sound::phone);
      };
      if (a.size() == b.size() && i < a.size() && same_after(i + 1, i + 1) && has(rule.sounds, a[i].phone) &&
          has(rule.heard, b[i].phone))
        return true;
      if (a.size() == b.size() + 1 && same_after(i + 1, i) && rule.is_missing) return true;
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
    EXPECT_EQ((rule.is_missing ? 1 : 0) + (rule.heard.empty() ? 0 : 1) + (rule.added.empty() ? 0 : 1), 1)
        << rule.id << ": its tip is for one kind of error";
    EXPECT_TRUE(rule.region.empty() || rule.region == "north" || rule.region == "south") << rule.id;
    EXPECT_EQ(rule.tip_vi.find("miền Bắc") != std::string::npos, rule.region == "north") << rule.id;
    EXPECT_EQ(rule.tip_vi.find("miền Nam") != std::string::npos, rule.region == "south") << rule.id;
    EXPECT_FALSE(rule.minimal_pairs.empty()) << rule.id;
    for (const std::string& pair : rule.minimal_pairs) {
      EXPECT_EQ(std::count(pair.begin(), pair.end(), '/'), 1) << rule.id << ": " << pair;
      EXPECT_TRUE(IsContrast(rule, pair)) << rule.id << ": " << pair;
    }
  }
  EXPECT_GE(ids.size(), 35U);
}

// The sound that the rule is about, where it applies.
model::WordResult Example(const AccentRule& rule, PhoneVerdict verdict, const std::string& heard) {
  model::PhoneResult about = Phone(std::string(PhoneName(rule.sounds.front())), verdict, heard);
  if (!rule.ipa.empty()) about.ipa = rule.ipa;
  std::vector<model::PhoneResult> phones{about, Phone("IY")};
  if (rule.position == PhonePosition::kFinal) std::swap(phones[0], phones[1]);
  return Word("w", std::move(phones));
}

TEST(VietnameseProfile, TheTipIsForWhatWasHeard) {
  for (const AccentRule& rule : AccentRules()) {
    if (rule.sounds.empty()) continue;
    const std::size_t at = rule.position == PhonePosition::kFinal ? 1 : 0;
    std::vector<model::WordResult> examples;
    if (rule.is_missing) examples.push_back(Example(rule, PhoneVerdict::kDeleted, ""));
    for (const auto heard : rule.heard)
      examples.push_back(Example(rule, PhoneVerdict::kSubstituted, std::string(PhoneName(heard))));
    for (const model::WordResult& example : examples) {
      ASSERT_EQ(RuleFor(example, at), &rule) << rule.id << ": another rule comes before it";
      EXPECT_EQ(TipFor(example, at).vi, rule.tip_vi);
    }
  }
}

TEST(VietnameseProfile, EverySoundHasATipWhateverWasHeard) {
  for (int p = 0; p < kPhoneCount; ++p) {
    const std::string name(PhoneName(static_cast<pronunciation::Phone>(p)));
    const auto tip = [&](PhoneVerdict verdict, const std::string& heard) {
      const SoundTip found = TipFor(Word("w", {Phone("IY"), Phone(name, verdict, heard), Phone("IY")}), 1);
      EXPECT_FALSE(found.en.empty()) << name;
      return found.vi;
    };
    const std::string how = tip(PhoneVerdict::kDistorted, "");
    EXPECT_FALSE(how.empty()) << name;
    EXPECT_EQ(how.find("Đừng bỏ"), std::string::npos) << name << " was said";
    EXPECT_FALSE(tip(PhoneVerdict::kSubstituted, name == "OY" ? "M" : "OY").empty()) << name;
    EXPECT_NE(tip(PhoneVerdict::kDeleted, ""), how) << name << " was not said";
  }
}

TEST(VietnameseProfile, ALostSoundGetsNoTipForAReplacedOne) {
  const model::WordResult lost = Word("they", {Phone("DH", PhoneVerdict::kDeleted), Phone("EY")});
  const model::WordResult replaced = Word("they", {Phone("DH", PhoneVerdict::kSubstituted, "D"), Phone("EY")});
  EXPECT_EQ(RuleFor(lost, 0)->id, "DH>none");
  EXPECT_EQ(RuleFor(replaced, 0)->id, "DH>D");
  const model::WordResult luck = Word("lack", {Phone("L"), Phone("AE", PhoneVerdict::kSubstituted, "AH"), Phone("K")});
  EXPECT_EQ(RuleFor(luck, 1)->id, "AE>AH");
}

TEST(VietnameseProfile, CountsWhatWasHeardAndWhatWasDue) {
  const std::vector words{
      Word("think", {Phone("TH", PhoneVerdict::kSubstituted, "T"), Phone("IH"), Phone("NG"), Phone("K", PhoneVerdict::kDeleted)}),
      Word("bath", {Phone("B"), Phone("AE", PhoneVerdict::kSubstituted, "EH"), Phone("TH")}),
      Word("thin", {Phone("TH", PhoneVerdict::kSubstituted, "T"), Phone("IH"), Phone("N")}),
      Word("thick", {Phone("TH", PhoneVerdict::kSubstituted, "S"), Phone("IH"), Phone("K")})};
  const auto patterns = FindAccentPatterns(words);
  ASSERT_FALSE(patterns.empty());
  EXPECT_EQ(patterns[0].id, "TH>T");
  EXPECT_EQ(patterns[0].times, 2);
  EXPECT_EQ(patterns[0].chances, 4);
  EXPECT_EQ(patterns[0].words, (std::vector<std::string>{"think", "thin"}));
  EXPECT_EQ(patterns[0].ipa, "θ");
  EXPECT_EQ(patterns[0].heard_ipa, std::vector<std::string>{"t"});
  std::set<std::string> ids;
  for (const auto& pattern : patterns) ids.insert(pattern.id);
  EXPECT_TRUE(ids.contains("K>none"));
  EXPECT_TRUE(ids.contains("AE>EH"));
  EXPECT_TRUE(ids.contains("TH>S"));
  EXPECT_EQ(ids.size(), 4U);
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

TEST(VietnameseProfile, WordsThatWereLeftOutOrReplacedShowNothing) {
  model::WordResult word = Word("cats", {Phone("K", PhoneVerdict::kDeleted), Phone("S", PhoneVerdict::kDeleted)});
  ASSERT_FALSE(FindAccentPatterns(std::vector{word}).empty());
  word.verdict = model::WordVerdict::kOmitted;
  EXPECT_TRUE(FindAccentPatterns(std::vector{word}).empty());
  word.verdict = model::WordVerdict::kReplaced;
  EXPECT_TRUE(FindAccentPatterns(std::vector{word}).empty());
}

TEST(VietnameseProfile, WhatGoodSpeakersSayIsNoHabit) {
  const model::WordResult british = Word("for", {Phone("F"), Phone("AO"), Phone("R", PhoneVerdict::kDeleted)});
  EXPECT_TRUE(FindAccentPatterns(std::vector{british}).empty());
}

TEST(VietnameseProfile, WhatWasHeardMostComesFirst) {
  const auto said = [](const char* heard) {
    return Word("work", {Phone("W"), Phone("ER", PhoneVerdict::kSubstituted, heard), Phone("K")});
  };
  const auto patterns = FindAccentPatterns(std::vector{said("AO"), said("AA"), said("AA")});
  ASSERT_EQ(patterns.size(), 1U);
  EXPECT_EQ(patterns[0].heard_ipa, (std::vector<std::string>{"ɑ", "ɔ"}));
  EXPECT_EQ(patterns[0].words, std::vector<std::string>{"work"});
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
  const auto think = [](bool right) {
    return Word("think",
                {right ? Phone("TH") : Phone("TH", PhoneVerdict::kSubstituted, "T"), Phone("IH"), Phone("NG"), Phone("K")});
  };
  const std::vector<std::vector<model::WordResult>> recordings{
      {think(false), think(false)}, {Word("so", {Phone("S"), Phone("OW")})}, {think(false)}, {think(true), think(true)}};
  const auto habits = FindHabits(recordings);
  ASSERT_EQ(habits.size(), 1U);
  EXPECT_EQ(habits[0].pattern.id, "TH>T");
  EXPECT_EQ(habits[0].pattern.times, 3);
  EXPECT_EQ(habits[0].pattern.chances, 5);
  EXPECT_EQ(habits[0].recordings, 2);
  EXPECT_EQ(habits[0].pattern.heard_ipa, std::vector<std::string>{"t"});
  EXPECT_TRUE(habits[0].region.empty());
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
  EXPECT_TRUE(patterns[0].ipa.empty());
  EXPECT_EQ(patterns[0].heard_ipa, std::vector<std::string>{"ə"});
}

}  // namespace
}  // namespace speechcoach::pronunciation
