#include "pronunciation/vietnamese_profile.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <yaml-cpp/yaml.h>

#include "pronunciation/good_variants.h"
#include "pronunciation/internal/embedded_data.h"

namespace speechcoach::pronunciation {
namespace {

constexpr std::size_t kMostExamples = 5;

std::vector<Phone> PhonesIn(const YAML::Node& names) {
  std::vector<Phone> phones;
  for (const auto& name : names) {
    if (const auto phone = PhoneFromName(name.as<std::string>())) phones.push_back(*phone);
  }
  return phones;
}

PhonePosition PositionNamed(const std::string& name) {
  if (name == "initial") return PhonePosition::kInitial;
  if (name == "final") return PhonePosition::kFinal;
  return PhonePosition::kAny;
}

struct SoundRow {
  std::string sound;
  std::string ipa;  // "": however it is written
  SoundTip tip;
};

struct Profile {
  std::vector<SoundRow> sounds;
  SoundTip missing;  // before a sound's tip where it was left out
  std::vector<AccentRule> rules;
};

SoundTip TipIn(const YAML::Node& entry, const std::string& name) {
  return {entry[name + "_vi"].as<std::string>(), entry[name + "_en"].as<std::string>()};
}

AccentRule RuleIn(const YAML::Node& entry) {
  AccentRule rule;
  rule.id = entry["id"].as<std::string>();
  rule.sounds = PhonesIn(entry["sounds"]);
  rule.ipa = entry["ipa"].as<std::string>("");
  rule.heard = PhonesIn(entry["heard"]);
  rule.added = PhonesIn(entry["added"]);
  rule.is_missing = entry["missing"].as<bool>(false);
  rule.position = PositionNamed(entry["position"].as<std::string>(""));
  rule.region = entry["region"].as<std::string>("");
  SoundTip tip = TipIn(entry, "tip");
  rule.tip_vi = std::move(tip.vi);
  rule.tip_en = std::move(tip.en);
  rule.minimal_pairs = entry["pairs"].as<std::vector<std::string>>();
  return rule;
}

Profile ReadProfile() {
  const YAML::Node file = YAML::Load(std::string(VietnameseProfileText()));
  Profile profile;
  for (const auto& entry : file["sounds"])
    profile.sounds.push_back({entry["sound"].as<std::string>(), entry["ipa"].as<std::string>(""), TipIn(entry, "tip")});
  profile.missing = TipIn(file, "missing");
  for (const auto& entry : file["habits"]) profile.rules.push_back(RuleIn(entry));
  return profile;
}

const Profile& TheProfile() {
  static const Profile profile = ReadProfile();
  return profile;
}

bool IsIn(const std::vector<Phone>& phones, const std::string& name) {
  const auto phone = PhoneFromName(name);
  return phone && std::ranges::find(phones, *phone) != phones.end();
}

bool IsVowelResult(const model::PhoneResult& phone) {
  const auto known = PhoneFromName(phone.phone);
  return known && IsVowel(*known);
}

bool IsDue(const AccentRule& rule, const model::WordResult& word, std::size_t i) {
  if (!IsIn(rule.sounds, word.phones[i].phone) || (!rule.ipa.empty() && rule.ipa != word.phones[i].ipa)) return false;
  const auto at = word.phones.begin() + static_cast<std::ptrdiff_t>(i);
  switch (rule.position) {
    case PhonePosition::kInitial:
      return std::none_of(word.phones.begin(), at, IsVowelResult);
    case PhonePosition::kFinal:
      return std::none_of(at + 1, word.phones.end(), IsVowelResult);
    case PhonePosition::kAny:
      break;
  }
  return true;
}

bool Follows(const AccentRule& rule, const model::PhoneResult& phone) {
  if (phone.verdict == model::PhoneVerdict::kDeleted) return rule.is_missing;
  return phone.verdict == model::PhoneVerdict::kSubstituted && IsIn(rule.heard, phone.heard);
}

double Share(std::span<const model::AccentPattern> counts) {
  double times = 0.0;
  double chances = 0.0;
  for (const model::AccentPattern& count : counts) {
    times += count.times;
    chances += count.chances;
  }
  return chances > 0.0 ? times / chances : 0.0;
}

// A rule's counts over words, with how often each sound was heard.
struct Counted {
  model::AccentPattern pattern;
  std::vector<std::pair<std::string, int>> heard;  // in IPA, in order of first hearing

  void Hear(const std::string& ipa, int times) {
    const auto known = std::ranges::find(heard, ipa, &std::pair<std::string, int>::first);
    if (known == heard.end()) {
      heard.emplace_back(ipa, times);
    } else {
      known->second += times;
    }
  }

  void Show(const std::string& word) {
    const bool is_new = std::ranges::find(pattern.words, word) == pattern.words.end();
    if (is_new && pattern.words.size() < kMostExamples) pattern.words.push_back(word);
  }

  model::AccentPattern Finish() && {
    std::ranges::stable_sort(heard, std::greater(), &std::pair<std::string, int>::second);
    for (auto& [ipa, times] : heard) pattern.heard_ipa.push_back(std::move(ipa));
    return std::move(pattern);
  }
};

Counted NothingOf(const AccentRule& rule) {
  Counted counted;
  counted.pattern.id = rule.id;
  counted.pattern.tip_vi = rule.tip_vi;
  counted.pattern.tip_en = rule.tip_en;
  counted.pattern.pairs = rule.minimal_pairs;
  counted.pattern.ipa =
      !rule.ipa.empty() || rule.sounds.empty() ? rule.ipa : std::string(Ipa(rule.sounds.front(), Stress::kPrimary));
  return counted;
}

Counted Count(const AccentRule& rule, std::span<const model::WordResult> words) {
  Counted counted = NothingOf(rule);
  for (const model::WordResult& word : words) {
    // Where another word was said, or none, its sounds show no habit.
    const bool is_said = word.verdict != model::WordVerdict::kOmitted && word.verdict != model::WordVerdict::kReplaced;
    int times_here = 0;
    const auto hear = [&](const std::string& ipa) {
      ++times_here;
      if (!ipa.empty()) counted.Hear(ipa, 1);
    };
    if (!rule.added.empty()) {
      ++counted.pattern.chances;
      for (const std::string& name : word.inserted) {
        if (is_said && IsIn(rule.added, name)) hear(std::string(Ipa(*PhoneFromName(name), Stress::kNone)));
      }
    }
    for (std::size_t i = 0; i < word.phones.size(); ++i) {
      if (!IsDue(rule, word, i)) continue;
      ++counted.pattern.chances;
      // Each sound counts for one rule.
      if (is_said && RuleFor(word, i) == &rule && !IsGoodVariant(word, i)) hear(word.phones[i].heard_ipa);
    }
    counted.pattern.times += times_here;
    if (times_here > 0) counted.Show(word.text);
  }
  return counted;
}

}  // namespace

std::span<const AccentRule> AccentRules() { return TheProfile().rules; }

const AccentRule* RuleFor(const model::WordResult& word, std::size_t phone) {
  for (const AccentRule& rule : AccentRules()) {
    if (IsDue(rule, word, phone) && Follows(rule, word.phones[phone])) return &rule;
  }
  return nullptr;
}

SoundTip TipFor(const model::WordResult& word, std::size_t phone) {
  if (const AccentRule* rule = RuleFor(word, phone)) return {rule->tip_vi, rule->tip_en};
  const Profile& profile = TheProfile();
  const model::PhoneResult& about = word.phones[phone];
  const auto row = std::ranges::find_if(
      profile.sounds, [&](const SoundRow& s) { return s.sound == about.phone && (s.ipa.empty() || s.ipa == about.ipa); });
  if (row == profile.sounds.end()) return {};
  if (about.verdict != model::PhoneVerdict::kDeleted) return row->tip;
  return {profile.missing.vi + " " + row->tip.vi, profile.missing.en + " " + row->tip.en};
}

std::vector<model::AccentPattern> FindAccentPatterns(std::span<const model::WordResult> words) {
  std::vector<model::AccentPattern> patterns;
  for (const AccentRule& rule : AccentRules()) {
    if (Counted counted = Count(rule, words); counted.pattern.times > 0) patterns.push_back(std::move(counted).Finish());
  }
  std::ranges::stable_sort(patterns, std::greater(), &model::AccentPattern::times);
  return patterns;
}

std::vector<Habit> FindHabits(std::span<const std::vector<model::WordResult>> recordings) {
  constexpr int kLeastTimes = 2;
  std::vector<Habit> habits;
  for (const AccentRule& rule : AccentRules()) {
    std::vector<model::AccentPattern> counts;  // of the recordings where the sound was due
    Counted all = NothingOf(rule);
    Habit habit;
    habit.region = rule.region;
    for (const auto& words : recordings) {
      Counted counted = Count(rule, words);
      if (counted.pattern.chances == 0) continue;
      all.pattern.chances += counted.pattern.chances;
      all.pattern.times += counted.pattern.times;
      habit.recordings += counted.pattern.times > 0 ? 1 : 0;
      for (const auto& [ipa, times] : counted.heard) all.Hear(ipa, times);
      counts.push_back(std::move(counted.pattern));
    }
    if (all.pattern.times < kLeastTimes) continue;
    for (auto count = counts.rbegin(); count != counts.rend(); ++count)
      std::ranges::for_each(count->words, [&](const std::string& word) { all.Show(word); });
    const std::size_t half = (counts.size() + 1) / 2;
    habit.earlier_share = Share(std::span(counts).first(half));
    habit.recent_share = Share(std::span(counts).last(half));
    habit.pattern = std::move(all).Finish();
    habits.push_back(std::move(habit));
  }
  std::ranges::stable_sort(habits, std::greater(), [](const Habit& habit) { return Share(std::span(&habit.pattern, 1)); });
  return habits;
}

}  // namespace speechcoach::pronunciation
