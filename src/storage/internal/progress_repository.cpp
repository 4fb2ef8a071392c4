#include "storage/internal/progress_repository.h"

#include <array>
#include <limits>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/clock.h"
#include "json/progress_json.h"
#include "storage/internal/session_row.h"
#include "storage/internal/session_select.h"
#include "storage/internal/statement.h"
#include "storage/internal/user_repository.h"

namespace speechcoach::storage {
namespace {

constexpr const char* kDayColumns =
    "day, sessions, practice_ms, overall_sum, pronunciation_sum, prosody_sum, emotion_sum, confidence_sum, fluency_sum";

enum class Sign : int { kPlus = 1, kMinus = -1 };

void AddDay(std::int64_t user_id, const model::PracticeDay& day, Sign sign, Connection& sql) {
  model::PracticeDay change = day;
  const auto factor = static_cast<std::int64_t>(sign);
  change.sessions *= factor;
  change.practice_ms *= factor;
  for (std::int64_t& sum : change.score_sums) sum *= factor;
  Statement(sql, fmt::format("INSERT INTO practice_days (user_id, {}) VALUES (:user_id, :day, :sessions, :practice_ms, :s0, :s1, "
                             ":s2, :s3, :s4, :s5) "
                             "ON CONFLICT (user_id, day) DO UPDATE SET sessions = practice_days.sessions + excluded.sessions, "
                             "practice_ms = practice_days.practice_ms + excluded.practice_ms, "
                             "overall_sum = practice_days.overall_sum + excluded.overall_sum, "
                             "pronunciation_sum = practice_days.pronunciation_sum + excluded.pronunciation_sum, "
                             "prosody_sum = practice_days.prosody_sum + excluded.prosody_sum, "
                             "emotion_sum = practice_days.emotion_sum + excluded.emotion_sum, "
                             "confidence_sum = practice_days.confidence_sum + excluded.confidence_sum, "
                             "fluency_sum = practice_days.fluency_sum + excluded.fluency_sum",
                             kDayColumns))
      .Use("user_id", user_id)
      .Use("day", change.day)
      .Use("sessions", change.sessions)
      .Use("practice_ms", change.practice_ms)
      .Use("s0", change.score_sums[0])
      .Use("s1", change.score_sums[1])
      .Use("s2", change.score_sums[2])
      .Use("s3", change.score_sums[3])
      .Use("s4", change.score_sums[4])
      .Use("s5", change.score_sums[5])
      .Execute();
}

void AddCounts(std::int64_t user_id, const std::string& kind, const std::vector<model::SpeechCount>& counts, Sign sign,
               Connection& sql) {
  const auto factor = static_cast<std::int64_t>(sign);
  for (const model::SpeechCount& count : counts) {
    const std::int64_t chances = count.chances * factor;
    const std::int64_t faults = count.faults * factor;
    const std::int64_t score_sum = count.score_sum * factor;
    Statement(sql,
              "INSERT INTO practice_counts (user_id, kind, text, chances, faults, score_sum) "
              "VALUES (:user_id, :kind, :text, :chances, :faults, :score_sum) ON CONFLICT (user_id, kind, text) DO UPDATE SET "
              "chances = practice_counts.chances + excluded.chances, faults = practice_counts.faults + excluded.faults, "
              "score_sum = practice_counts.score_sum + excluded.score_sum")
        .Use("user_id", user_id)
        .Use("kind", kind)
        .Use("text", count.text)
        .Use("chances", chances)
        .Use("faults", faults)
        .Use("score_sum", score_sum)
        .Execute();
  }
}

void Add(const model::Contribution& contribution, Sign sign, Connection& sql) {
  AddDay(contribution.user_id, contribution.day, sign, sql);
  AddCounts(contribution.user_id, "sound", contribution.sounds, sign, sql);
  AddCounts(contribution.user_id, "word", contribution.words, sign, sql);
}

// What nothing is left of goes, so that a rebuilt progress is the same row by row.
void DropEmpty(std::int64_t user_id, Connection& sql) {
  Statement(sql, "DELETE FROM practice_days WHERE user_id = :user_id AND sessions = 0").Use("user_id", user_id).Execute();
  Statement(sql, "DELETE FROM practice_counts WHERE user_id = :user_id AND chances = 0").Use("user_id", user_id).Execute();
}

std::string KeptContribution(const std::string& session_id, Connection& sql) {
  std::string kept;
  Statement(sql, "SELECT contribution FROM session_contributions WHERE session_id = :id")
      .Into(kept)
      .Use("id", session_id)
      .ExecuteForOne();
  return kept;
}

void Keep(const model::Contribution& contribution, Connection& sql) {
  const std::string text = boost::json::serialize(json::ToJson(contribution));
  Statement(sql,
            "INSERT INTO session_contributions (session_id, user_id, contribution) VALUES (:id, :user_id, :contribution) "
            "ON CONFLICT (session_id) DO UPDATE SET contribution = excluded.contribution")
      .Use("id", contribution.session_id)
      .Use("user_id", contribution.user_id)
      .Use("contribution", text)
      .Execute();
}

bool TakeBack(const std::string& session_id, Connection& sql) {
  const std::string kept = KeptContribution(session_id, sql);
  if (kept.empty()) return false;
  Add(json::ContributionFromJson(boost::json::parse(kept)), Sign::kMinus, sql);
  return true;
}

std::vector<model::PracticeDay> ReadDays(std::int64_t user_id, std::int64_t from_day, std::int64_t to_day, Connection& sql) {
  std::vector<model::PracticeDay> days;
  model::PracticeDay day;
  Statement statement(
      sql, fmt::format("SELECT {} FROM practice_days WHERE user_id = :user_id AND day BETWEEN :from_day AND :to_day ORDER BY day",
                       kDayColumns));
  statement.Into(day.day).Into(day.sessions).Into(day.practice_ms);
  for (std::int64_t& sum : day.score_sums) statement.Into(sum);
  statement.Use("user_id", user_id).Use("from_day", from_day).Use("to_day", to_day);
  for (bool more = statement.Execute(); more; more = statement.Next()) days.push_back(day);
  return days;
}

std::vector<model::SpeechCount> ReadCounts(std::int64_t user_id, const std::string& kind, Connection& sql) {
  std::vector<model::SpeechCount> counts;
  model::SpeechCount count;
  Statement statement(
      sql,
      "SELECT text, chances, faults, score_sum FROM practice_counts WHERE user_id = :user_id AND kind = :kind ORDER BY text");
  statement.Into(count.text)
      .Into(count.chances)
      .Into(count.faults)
      .Into(count.score_sum)
      .Use("user_id", user_id)
      .Use("kind", kind);
  for (bool more = statement.Execute(); more; more = statement.Next()) counts.push_back(count);
  return counts;
}

}  // namespace

// Puts the user's row in where it is missing, and holds it until the transaction ends: what is read afterwards is not changed meanwhile.
void SqlProgressRepository::LockUser(std::int64_t user_id, Connection& sql) const {
  const std::int64_t now_ms = base::SystemClock().NowMs();
  Statement(sql, fmt::format("INSERT INTO user_progress_llm (user_id, updated_at) VALUES (:user_id, {}) "
                             "ON CONFLICT (user_id) DO UPDATE SET updated_at = excluded.updated_at",
                             dialect_.ToTime(":now")))
      .Use("user_id", user_id)
      .Use("now", now_ms)
      .Execute();
}

void SqlProgressRepository::WriteSummary(std::int64_t user_id, const Summariser& summarise, Connection& sql) const {
  constexpr std::int64_t kFar = std::numeric_limits<int>::max();
  const auto days = ReadDays(user_id, -kFar, kFar, sql);
  const model::ProgressSummary summary = summarise(days, ReadCounts(user_id, "sound", sql), ReadCounts(user_id, "word", sql));
  const std::int64_t seconds = (summary.practice_ms + 500) / 1000;
  const auto mean = [&](std::size_t skill) {
    return summary.averages ? Nullable<double>((*summary.averages)[skill]) : Nullable<double>();
  };
  const std::array<Nullable<double>, model::kSkillCount> means{mean(0), mean(1), mean(2), mean(3), mean(4), mean(5)};
  const Nullable<double> trend(summary.score_trend);
  const Nullable<long long> last_day(summary.last_day);
  const Nullable<std::string> last_date =
      summary.last_day ? Nullable<std::string>(json::FormatDate(*summary.last_day)) : Nullable<std::string>();
  const std::string weak_areas = boost::json::serialize(json::ToJson(summary.weak_areas));
  Statement(
      sql,
      "UPDATE user_progress_llm SET total_sessions = :sessions, total_practice_time_seconds = :seconds, practice_ms = "
      ":practice_ms, "
      "avg_overall_score = :m0, avg_pronunciation_score = :m1, avg_prosody_score = :m2, avg_emotion_score = :m3, "
      "avg_confidence_score = :m4, avg_fluency_score = :m5, score_trend = :trend, current_streak_days = :streak, "
      "longest_streak_days = :longest, last_practice_date = :last_date, last_practice_day = :last_day, weak_areas = :weak_areas "
      "WHERE user_id = :user_id")
      .Use("sessions", summary.total_sessions)
      .Use("seconds", seconds)
      .Use("practice_ms", summary.practice_ms)
      .Use("m0", means[0])
      .Use("m1", means[1])
      .Use("m2", means[2])
      .Use("m3", means[3])
      .Use("m4", means[4])
      .Use("m5", means[5])
      .Use("trend", trend)
      .Use("streak", summary.streak_days)
      .Use("longest", summary.longest_streak_days)
      .Use("last_date", last_date)
      .Use("last_day", last_day)
      .Use("weak_areas", weak_areas)
      .Use("user_id", user_id)
      .Execute();
}

base::Status SqlProgressRepository::Apply(const model::Contribution& contribution, const ProgressRules& rules) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    LockUser(contribution.user_id, sql);
    const std::string kept = KeptContribution(contribution.session_id, sql);
    if (!kept.empty()) {
      const model::Contribution before = json::ContributionFromJson(boost::json::parse(kept));
      if (before.day == contribution.day && before.sounds == contribution.sounds && before.words == contribution.words) return {};
      Add(before, Sign::kMinus, sql);
    }
    Add(contribution, Sign::kPlus, sql);
    Keep(contribution, sql);
    if (!kept.empty()) DropEmpty(contribution.user_id, sql);
    WriteSummary(contribution.user_id, rules.summarise, sql);
    RescheduleSentenceOf(contribution.user_id, contribution.session_id, Use::kCounts, rules.schedule, sql);
    transaction.commit();
    return {};
  });
}

base::Status SqlProgressRepository::Remove(std::int64_t user_id, std::string_view session_id, const ProgressRules& rules) {
  const std::string id(session_id);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    LockUser(user_id, sql);
    if (!TakeBack(id, sql)) return {};
    Statement(sql, "DELETE FROM session_contributions WHERE session_id = :id").Use("id", id).Execute();
    DropEmpty(user_id, sql);
    WriteSummary(user_id, rules.summarise, sql);
    RescheduleSentenceOf(user_id, id, Use::kIsLeftOut, rules.schedule, sql);
    transaction.commit();
    return {};
  });
}

base::Result<int> SqlProgressRepository::Rebuild(std::int64_t user_id, const ProgressRules& rules) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<int> {
    soci::transaction transaction(sql);
    LockUser(user_id, sql);
    for (const char* table :
         {"session_contributions", "practice_days", "practice_counts", "sentence_reviews", "progress_rebuilds"}) {
      Statement(sql, fmt::format("DELETE FROM {} WHERE user_id = :user_id", table)).Use("user_id", user_id).Execute();
    }
    const std::string time_zone = TimeZoneOf(user_id, sql);
    // Read before anything is written: a connection serves one statement at a time.
    std::vector<model::Contribution> contributions;
    SessionRow row;
    Statement statement(sql, SessionSelectText(dialect_, "user_id = :user_id AND status IN ('completed', 'degraded')"));
    IntoStored(row, statement);
    statement.Use("user_id", user_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      const auto session = FromRow(row);
      if (!session.ok()) return session.error();
      if (auto contribution = rules.contribute(*session, time_zone)) contributions.push_back(std::move(*contribution));
    }
    for (const model::Contribution& contribution : contributions) {
      Add(contribution, Sign::kPlus, sql);
      Keep(contribution, sql);
    }
    WriteSummary(user_id, rules.summarise, sql);
    RescheduleAll(user_id, rules.schedule, sql);
    transaction.commit();
    return static_cast<int>(contributions.size());
  });
}

base::Result<std::vector<std::int64_t>> SqlProgressRepository::RebuildsDue(std::int64_t after_user_id, int limit) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<std::int64_t>> {
    std::vector<std::int64_t> users;
    std::int64_t user = 0;
    Statement statement(sql, "SELECT user_id FROM progress_rebuilds WHERE user_id > :after ORDER BY user_id LIMIT :rows");
    statement.Into(user).Use("after", after_user_id).Use("rows", limit);
    for (bool more = statement.Execute(); more; more = statement.Next()) users.push_back(user);
    return users;
  });
}

base::Result<std::optional<StoredProgress>> SqlProgressRepository::Get(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::optional<StoredProgress>> {
    StoredProgress progress;
    std::array<Nullable<double>, model::kSkillCount> means;
    Nullable<double> trend;
    Nullable<long long> last_day;
    Nullable<std::string> weak_areas;
    Statement statement(
        sql, fmt::format("SELECT total_sessions, practice_ms, avg_overall_score, avg_pronunciation_score, avg_prosody_score, "
                         "avg_emotion_score, avg_confidence_score, avg_fluency_score, score_trend, current_streak_days, "
                         "longest_streak_days, last_practice_day, weak_areas, {} FROM user_progress_llm WHERE user_id = :user_id",
                         dialect_.ToMilliseconds("updated_at")));
    statement.Into(progress.summary.total_sessions).Into(progress.summary.practice_ms);
    for (Nullable<double>& mean : means) statement.Into(mean);
    statement.Into(trend)
        .Into(progress.summary.streak_days)
        .Into(progress.summary.longest_streak_days)
        .Into(last_day)
        .Into(weak_areas)
        .Into(progress.updated_at_ms)
        .Use("user_id", user_id);
    if (!statement.ExecuteForOne() || !weak_areas.has_value()) return std::optional<StoredProgress>();
    if (means[0].has_value()) {
      progress.summary.averages.emplace();
      for (std::size_t i = 0; i < means.size(); ++i) (*progress.summary.averages)[i] = means[i].value;
    }
    if (trend.has_value()) progress.summary.score_trend = trend.value;
    if (last_day.has_value()) progress.summary.last_day = last_day.value;
    progress.weak_areas_json = weak_areas.value;
    return std::optional(progress);
  });
}

base::Result<std::vector<model::PracticeDay>> SqlProgressRepository::Days(std::int64_t user_id, std::int64_t from_day,
                                                                          std::int64_t to_day) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::PracticeDay>> {
    return ReadDays(user_id, from_day, to_day, sql);
  });
}

base::Result<std::vector<model::SpeechCount>> SqlProgressRepository::Sounds(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::SpeechCount>> {
    return ReadCounts(user_id, "sound", sql);
  });
}

}  // namespace speechcoach::storage
