#include "analytics/struggles.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "analytics/progress.h"

namespace speechcoach::analytics {
namespace {

constexpr std::size_t kMaxSounds = 10;

using Counts = std::map<std::string, model::SpeechCount>;

struct Practice {
  std::map<std::int64_t, model::PracticeDay> days;
  Counts sounds;
  Counts words;
};

void Add(const std::vector<model::SpeechCount>& counts, Counts& to) {
  for (const model::SpeechCount& count : counts) {
    model::SpeechCount& sum = to[count.text];
    sum.text = count.text;
    sum.chances += count.chances;
    sum.faults += count.faults;
    sum.score_sum += count.score_sum;
  }
}

void Add(const model::PracticeDay& day, model::PracticeDay& to) {
  to.day = day.day;
  to.sessions += day.sessions;
  to.practice_ms += day.practice_ms;
  for (std::size_t i = 0; i < model::kSkillCount; ++i) to.score_sums[i] += day.score_sums[i];
}

template <typename Map>
auto ValuesOf(const Map& map) {
  std::vector<typename Map::mapped_type> values;
  values.reserve(map.size());
  for (const auto& [key, value] : map) values.push_back(value);
  return values;
}

double FaultRate(const SharedSound& sound) {
  return static_cast<double>(sound.count.faults) / static_cast<double>(sound.count.chances);
}

}  // namespace

ClassStruggles StrugglesOf(std::span<const model::Contribution> contributions) {
  std::map<std::int64_t, Practice> by_learner;
  Counts everybody;
  for (const model::Contribution& contribution : contributions) {
    Practice& practice = by_learner[contribution.user_id];
    Add(contribution.day, practice.days[contribution.day.day]);
    Add(contribution.sounds, practice.sounds);
    Add(contribution.words, practice.words);
    Add(contribution.sounds, everybody);
  }

  ClassStruggles struggles;
  std::map<std::string, int> weak_for;
  for (const auto& [user_id, practice] : by_learner) {
    model::ProgressSummary summary = Summarise(ValuesOf(practice.days), ValuesOf(practice.sounds), ValuesOf(practice.words));
    for (const model::SpeechCount& sound : summary.weak_areas.sounds) ++weak_for[sound.text];
    struggles.learners.push_back({user_id, summary.total_sessions, std::move(summary.weak_areas)});
  }
  for (const auto& [sound, learners] : weak_for) struggles.sounds.push_back({everybody.at(sound), learners});
  std::ranges::sort(struggles.sounds, [](const SharedSound& a, const SharedSound& b) {
    return std::tuple(-a.learners, -FaultRate(a), a.count.text) < std::tuple(-b.learners, -FaultRate(b), b.count.text);
  });
  if (struggles.sounds.size() > kMaxSounds) struggles.sounds.resize(kMaxSounds);
  return struggles;
}

}  // namespace speechcoach::analytics
