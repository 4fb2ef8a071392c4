// What a learner's sessions add up to. Scores are summed in whole thousandths, times in whole milliseconds: sums do not depend on
// the order in which sessions come.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speechcoach::model {

inline constexpr std::size_t kSkillCount = 6;
// As in Scores; the first is the whole, the others are skills.
inline constexpr std::array<std::string_view, kSkillCount> kSkillNames{"overall", "pronunciation", "prosody",
                                                                       "emotion", "confidence",    "fluency"};
using SkillSums = std::array<std::int64_t, kSkillCount>;  // thousandths of points
using SkillMeans = std::array<double, kSkillCount>;       // 0-10

// All practice of one day where the learner lives.
struct PracticeDay {
  std::int64_t day = 0;  // since 1970-01-01
  std::int64_t sessions = 0;
  std::int64_t practice_ms = 0;
  SkillSums score_sums{};
  friend bool operator==(const PracticeDay&, const PracticeDay&) = default;
};

// How often a sound (ARPAbet) or a word was due, and how often it went wrong.
struct SpeechCount {
  std::string text;
  std::int64_t chances = 0;
  std::int64_t faults = 0;
  std::int64_t score_sum = 0;  // thousandths of points, over all chances
  friend bool operator==(const SpeechCount&, const SpeechCount&) = default;
};

// What one session adds.
struct Contribution {
  std::string session_id;
  std::int64_t user_id = 0;
  PracticeDay day;                  // of one session
  std::vector<SpeechCount> sounds;  // by text, each once
  std::vector<SpeechCount> words;   // lower case
};

struct WeakSkill {
  std::string_view skill;
  double score = 0.0;  // of late
};

struct WeakAreas {
  std::vector<WeakSkill> skills;    // the weakest first
  std::vector<SpeechCount> sounds;  // those that most often went wrong first
  std::vector<SpeechCount> words;
};

struct ProgressSummary {
  std::int64_t total_sessions = 0;
  std::int64_t practice_ms = 0;
  std::optional<SkillMeans> averages;
  std::optional<double> score_trend;  // points a week of the overall score; positive is better
  int streak_days = 0;                // that ended on last_day
  int longest_streak_days = 0;
  std::optional<std::int64_t> last_day;
  WeakAreas weak_areas;
};

}  // namespace speechcoach::model
