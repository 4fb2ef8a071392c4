#include "json/progress_json.h"

#include <cmath>

#include "base/clock.h"

namespace speechcoach::json {
namespace {

namespace bj = boost::json;

constexpr std::int64_t kDayMs = 86'400'000;

double TwoDecimals(double value) { return std::round(value * 100.0) / 100.0; }

bj::array CountsToJson(const std::vector<model::SpeechCount>& counts) {
  bj::array array;
  for (const model::SpeechCount& count : counts)
    array.emplace_back(bj::array{count.text, count.chances, count.faults, count.score_sum});
  return array;
}

std::vector<model::SpeechCount> CountsFromJson(const bj::value& value) {
  std::vector<model::SpeechCount> counts;
  for (const bj::value& entry : value.as_array()) {
    const bj::array& row = entry.as_array();
    counts.push_back({bj::value_to<std::string>(row.at(0)), row.at(1).to_number<std::int64_t>(),
                      row.at(2).to_number<std::int64_t>(), row.at(3).to_number<std::int64_t>()});
  }
  return counts;
}

// As a learner is shown it.
bj::array WeakCountsToJson(const std::vector<model::SpeechCount>& counts, const char* name) {
  bj::array array;
  for (const model::SpeechCount& count : counts) {
    array.emplace_back(
        bj::object{{name, count.text},
                   {"chances", count.chances},
                   {"faults", count.faults},
                   {"score", TwoDecimals(static_cast<double>(count.score_sum) / (1000.0 * static_cast<double>(count.chances)))}});
  }
  return array;
}

}  // namespace

bj::object ToJson(const model::Contribution& contribution) {
  bj::array sums;
  for (const std::int64_t sum : contribution.day.score_sums) sums.emplace_back(sum);
  return {{"session_id", contribution.session_id},
          {"user_id", contribution.user_id},
          {"day", contribution.day.day},
          {"practice_ms", contribution.day.practice_ms},
          {"score_sums", std::move(sums)},
          {"sounds", CountsToJson(contribution.sounds)},
          {"words", CountsToJson(contribution.words)}};
}

model::Contribution ContributionFromJson(const bj::value& value) {
  model::Contribution contribution;
  contribution.session_id = bj::value_to<std::string>(value.at("session_id"));
  contribution.user_id = value.at("user_id").to_number<std::int64_t>();
  contribution.day = {value.at("day").to_number<std::int64_t>(), 1, value.at("practice_ms").to_number<std::int64_t>(), {}};
  for (std::size_t i = 0; i < model::kSkillCount; ++i)
    contribution.day.score_sums[i] = value.at("score_sums").as_array().at(i).to_number<std::int64_t>();
  contribution.sounds = CountsFromJson(value.at("sounds"));
  contribution.words = CountsFromJson(value.at("words"));
  return contribution;
}

bj::object ToJson(const model::WeakAreas& areas) {
  bj::array skills;
  for (const model::WeakSkill& skill : areas.skills)
    skills.emplace_back(bj::object{{"skill", skill.skill}, {"score", TwoDecimals(skill.score)}});
  return {{"skills", std::move(skills)},
          {"sounds", WeakCountsToJson(areas.sounds, "sound")},
          {"words", WeakCountsToJson(areas.words, "word")}};
}

bj::object ToJson(const model::SkillMeans& means) {
  bj::object object;
  for (std::size_t i = 0; i < model::kSkillCount; ++i) object[model::kSkillNames[i]] = TwoDecimals(means[i]);
  return object;
}

std::string FormatDate(std::int64_t day) { return base::FormatRfc3339(day * kDayMs).substr(0, 10); }

}  // namespace speechcoach::json
