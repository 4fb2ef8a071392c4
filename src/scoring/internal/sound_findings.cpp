#include "scoring/internal/sound_findings.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "scoring/sound_names.h"

namespace speechcoach::scoring {
namespace {

constexpr double kSureFrom = 0.6;
constexpr std::size_t kMostSounds = 3;
constexpr std::size_t kListedWords = 4;
constexpr double kOftenWeight = 66.0;
constexpr double kSingleWeight = 57.0;
constexpr double kUnclearWeight = 41.0;
constexpr double kLaterCosts = 9.0;

bool IsVowel(std::string_view phone) {
  return !phone.empty() && std::string_view("AEIOU").find(phone.front()) != std::string_view::npos;
}

// Half of the English-speaking world says no r there.
bool IsBritish(const SoundFinding& sound) {
  return sound.phone == "R" && sound.position == SoundFinding::Position::kFinal && (sound.heard.empty() || IsVowel(sound.heard));
}

// A vowel that turns into a consonant is two sounds that were told apart badly.
bool IsHardlySo(const SoundFinding& sound) {
  return sound.verdict == SoundFinding::Verdict::kSubstituted && IsVowel(sound.phone) && !IsVowel(sound.heard);
}

bool Counts(const SoundFinding& sound) {
  if (!(sound.confidence >= kSureFrom) || sound.word.empty() || IsBritish(sound) || IsHardlySo(sound)) return false;
  const bool needs_phone = sound.verdict != SoundFinding::Verdict::kInserted;
  const bool needs_heard =
      sound.verdict == SoundFinding::Verdict::kInserted || sound.verdict == SoundFinding::Verdict::kSubstituted;
  return (!needs_phone || !IpaName(sound.phone).empty()) && (!needs_heard || !IpaName(sound.heard).empty());
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

// A tip as the end of a sentence: its first letter small, no full stop. "Đ" is C4 90, "đ" is C4 91.
std::string Embedded(std::string tip) {
  while (!tip.empty() && (tip.back() == '.' || tip.back() == ' ')) tip.pop_back();
  if (tip.empty()) return tip;
  if (tip[0] >= 'A' && tip[0] <= 'Z') tip[0] = static_cast<char>(tip[0] - 'A' + 'a');
  if (tip.starts_with("Đ")) tip.replace(0, std::string_view("Đ").size(), "đ");
  return tip;
}

Topic TopicOf(const SoundFinding& sound) {
  switch (sound.verdict) {
    case SoundFinding::Verdict::kSubstituted:
      return Topic::kSoundReplaced;
    case SoundFinding::Verdict::kDeleted:
      return sound.position == SoundFinding::Position::kFinal ? Topic::kSoundDeletedFinal : Topic::kSoundDeleted;
    case SoundFinding::Verdict::kInserted:
      return Topic::kSoundAdded;
    case SoundFinding::Verdict::kDistorted:
      break;
  }
  return Topic::kSoundUnclear;
}

Remark RemarkOn(Topic topic, double weight, const SoundFinding& sound, model::Locale locale) {
  Remark remark{topic, weight, {{"w", sound.word}, {"p", IpaName(sound.phone)}, {"h", IpaName(sound.heard)}}};
  const std::string tip = Embedded(locale == model::Locale::kVi ? sound.tip_vi : sound.tip_en);
  if (!tip.empty() && !sound.phone.empty()) {
    remark.values.emplace_back("tip", tip);
    remark.tip = Topic::kSoundTip;
  }
  return remark;
}

struct Group {
  const SoundFinding* first = nullptr;
  std::vector<std::string> words;
};

// Findings on the same sound together, in the order of their first one.
std::vector<Group> GroupByPhone(const std::vector<const SoundFinding*>& sounds) {
  std::vector<Group> groups;
  for (const SoundFinding* sound : sounds) {
    if (sound->verdict == SoundFinding::Verdict::kInserted) continue;
    auto group = std::ranges::find_if(groups, [&](const Group& g) { return g.first->phone == sound->phone; });
    if (group == groups.end()) group = groups.insert(groups.end(), Group{sound, {}});
    if (std::ranges::find(group->words, sound->word) == group->words.end()) group->words.push_back(sound->word);
  }
  return groups;
}

}  // namespace

std::vector<Remark> FindSounds(const std::vector<SoundFinding>& sounds, model::Locale locale) {
  std::vector<const SoundFinding*> sure;
  for (const SoundFinding& sound : sounds) {
    if (Counts(sound)) sure.push_back(&sound);
  }
  std::ranges::stable_sort(sure, std::greater{}, [](const SoundFinding* sound) { return sound->confidence; });

  std::vector<Group> groups = GroupByPhone(sure);
  const auto often = std::ranges::max_element(groups, {}, [](const Group& group) { return group.words.size(); });
  std::vector<Remark> remarks;
  std::set<std::string> words_done;
  std::string_view phone_done;
  if (often != groups.end() && often->words.size() > 1) {
    phone_done = often->first->phone;
    std::string list;
    for (std::size_t i = 0; i < std::min(often->words.size(), kListedWords); ++i)
      list += (i == 0 ? "“" : ", “") + often->words[i] + "”";
    remarks.push_back(RemarkOn(Topic::kSoundOften, kOftenWeight, *often->first, locale));
    remarks.back().values.emplace_back("list", list);
  }
  for (const SoundFinding* sound : sure) {
    if (remarks.size() == kMostSounds) break;
    const bool same_phone = sound->verdict != SoundFinding::Verdict::kInserted && sound->phone == phone_done;
    if (same_phone || !words_done.insert(Lower(sound->word)).second) continue;
    const double weight = sound->verdict == SoundFinding::Verdict::kDistorted ? kUnclearWeight : kSingleWeight;
    remarks.push_back(RemarkOn(TopicOf(*sound), weight - kLaterCosts * static_cast<double>(remarks.size()), *sound, locale));
  }
  return remarks;
}

bool IsSoundFound(const std::vector<SoundFinding>& sounds, std::string_view word) {
  return std::ranges::any_of(sounds,
                             [&](const SoundFinding& sound) { return Counts(sound) && Lower(sound.word) == Lower(word); });
}

}  // namespace speechcoach::scoring
