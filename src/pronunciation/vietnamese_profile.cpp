#include "pronunciation/vietnamese_profile.h"

#include <algorithm>
#include <optional>

#include <yaml-cpp/yaml.h>

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

std::vector<AccentRule> ReadRules() {
  std::vector<AccentRule> rules;
  for (const auto& entry : YAML::Load(std::string(VietnameseProfileText()))) {
    AccentRule rule;
    rule.id = entry["id"].as<std::string>();
    rule.sounds = PhonesIn(entry["sounds"]);
    rule.ipa = entry["ipa"].as<std::string>("");
    rule.heard = PhonesIn(entry["heard"]);
    rule.added = PhonesIn(entry["added"]);
    rule.may_be_missing = entry["missing"].as<bool>(false);
    rule.position = PositionNamed(entry["position"].as<std::string>(""));
    rule.region = entry["region"].as<std::string>("");
    rule.tip_vi = entry["tip_vi"].as<std::string>();
    rule.tip_en = entry["tip_en"].as<std::string>();
    rule.minimal_pairs = entry["pairs"].as<std::vector<std::string>>(std::vector<std::string>());
    rules.push_back(std::move(rule));
  }
  return rules;
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
    case PhonePosition::kInitial: return std::none_of(word.phones.begin(), at, IsVowelResult);
    case PhonePosition::kFinal: return std::none_of(at + 1, word.phones.end(), IsVowelResult);
    case PhonePosition::kAny: break;
  }
  return true;
}

bool Follows(const AccentRule& rule, const model::PhoneResult& phone) {
  if (phone.verdict == model::PhoneVerdict::kDeleted) return rule.may_be_missing;
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

model::AccentPattern Count(const AccentRule& rule, std::span<const model::WordResult> words) {
  model::AccentPattern pattern{rule.id, 0, 0, {}, rule.tip_vi, rule.tip_en, rule.minimal_pairs};
  for (const model::WordResult& word : words) {
    int times_here = 0;
    if (!rule.added.empty()) {
      ++pattern.chances;
      times_here += static_cast<int>(std::ranges::count_if(word.inserted, [&](const std::string& name) { return IsIn(rule.added, name); }));
    }
    for (std::size_t i = 0; i < word.phones.size(); ++i) {
      if (!IsDue(rule, word, i)) continue;
      ++pattern.chances;
      // Each sound counts for one rule.
      if (word.verdict != model::WordVerdict::kOmitted && RuleFor(word, i) == &rule) ++times_here;
    }
    pattern.times += times_here;
    if (times_here > 0 && pattern.words.size() < kMostExamples) pattern.words.push_back(word.text);
  }
  return pattern;
}

}  // namespace

std::span<const AccentRule> AccentRules() {
  static const std::vector<AccentRule> rules = ReadRules();
  return rules;
}

const AccentRule* RuleFor(const model::WordResult& word, std::size_t phone) {
  for (const AccentRule& rule : AccentRules()) {
    if (IsDue(rule, word, phone) && Follows(rule, word.phones[phone])) return &rule;
  }
  return nullptr;
}

const AccentRule* RuleAbout(const model::WordResult& word, std::size_t phone) {
  if (const AccentRule* rule = RuleFor(word, phone)) return rule;
  const auto about = std::ranges::find_if(AccentRules(), [&](const AccentRule& rule) { return IsDue(rule, word, phone); });
  return about == AccentRules().end() ? nullptr : &*about;
}

std::vector<model::AccentPattern> FindAccentPatterns(std::span<const model::WordResult> words) {
  std::vector<model::AccentPattern> patterns;
  for (const AccentRule& rule : AccentRules()) {
    model::AccentPattern pattern = Count(rule, words);
    if (pattern.times > 0) patterns.push_back(std::move(pattern));
  }
  std::ranges::stable_sort(patterns, std::greater(), &model::AccentPattern::times);
  return patterns;
}

std::vector<Habit> FindHabits(std::span<const std::vector<model::WordResult>> recordings) {
  constexpr int kLeastTimes = 2;
  std::vector<Habit> habits;
  for (const AccentRule& rule : AccentRules()) {
    std::vector<model::AccentPattern> counts;  // of the recordings where the sound was due
    for (const auto& words : recordings) {
      if (model::AccentPattern count = Count(rule, words); count.chances > 0) counts.push_back(std::move(count));
    }
    Habit habit{{rule.id, 0, 0, {}, rule.tip_vi, rule.tip_en, rule.minimal_pairs}, 0, 0.0, 0.0};
    for (const model::AccentPattern& count : counts) {
      habit.pattern.chances += count.chances;
      habit.pattern.times += count.times;
      habit.recordings += count.times > 0 ? 1 : 0;
    }
    if (habit.pattern.times < kLeastTimes) continue;
    for (auto count = counts.rbegin(); count != counts.rend(); ++count) {
      for (const std::string& word : count->words) {
        const bool is_new = std::ranges::find(habit.pattern.words, word) == habit.pattern.words.end();
        if (is_new && habit.pattern.words.size() < kMostExamples) habit.pattern.words.push_back(word);
      }
    }
    const std::size_t half = (counts.size() + 1) / 2;
    habit.earlier_share = Share(std::span(counts).first(half));
    habit.recent_share = Share(std::span(counts).last(half));
    habits.push_back(std::move(habit));
  }
  std::ranges::stable_sort(habits, std::greater(), [](const Habit& habit) { return Share(std::span(&habit.pattern, 1)); });
  return habits;
}

}  // namespace speechcoach::pronunciation
