#include "storage/internal/challenge_repository.h"

#include <string>

#include <fmt/format.h>

#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

constexpr std::string_view kMinutes = "minutes";
constexpr std::string_view kSessions = "sessions";

// Finished ones of a member `m`, since joining.
constexpr std::string_view kPractised =
    "s.user_id = m.user_id AND s.created_at >= m.joined_at AND s.status IN ('completed', 'degraded') AND s.overall_score IS NOT "
    "NULL";

}  // namespace

base::Result<model::Challenge> SqlChallengeRepository::Add(const model::Challenge& challenge) {
  const std::string text = fmt::format(
      "INSERT INTO class_challenges (class_id, title, measure, goal, begins_at, ends_at) VALUES (:class_id, :title, :measure, "
      ":goal, {}, {}) RETURNING id",
      dialect_.ToTime(":begins_at"), dialect_.ToTime(":ends_at"));
  const std::string measure(challenge.measure == model::ChallengeMeasure::kMinutes ? kMinutes : kSessions);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<model::Challenge> {
    model::Challenge added = challenge;
    Statement(sql, text)
        .Into(added.id)
        .Use("class_id", challenge.class_id)
        .Use("title", challenge.title)
        .Use("measure", measure)
        .Use("goal", challenge.goal)
        .Use("begins_at", challenge.begins_at_ms)
        .Use("ends_at", challenge.ends_at_ms)
        .ExecuteForOne();
    return added;
  });
}

base::Status SqlChallengeRepository::Delete(std::int64_t class_id, std::int64_t challenge_id) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, "DELETE FROM class_challenges WHERE id = :id AND class_id = :class_id");
    if (statement.Use("id", challenge_id).Use("class_id", class_id).ExecuteForCount() == 0)
      return {base::ErrorCode::kNotFound, "no such challenge"};
    return {};
  });
}

base::Result<std::vector<model::Challenge>> SqlChallengeRepository::Of(std::int64_t class_id) {
  const std::string text = fmt::format(
      "SELECT id, class_id, title, measure, goal, {}, {} FROM class_challenges WHERE class_id = :class_id ORDER BY id",
      dialect_.ToMilliseconds("begins_at"), dialect_.ToMilliseconds("ends_at"));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::Challenge>> {
    std::vector<model::Challenge> challenges;
    model::Challenge row;
    std::string measure;
    Statement statement(sql, text);
    statement.Into(row.id)
        .Into(row.class_id)
        .Into(row.title)
        .Into(measure)
        .Into(row.goal)
        .Into(row.begins_at_ms)
        .Into(row.ends_at_ms);
    statement.Use("class_id", class_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      row.measure = measure == kMinutes ? model::ChallengeMeasure::kMinutes : model::ChallengeMeasure::kSessions;
      challenges.push_back(row);
    }
    return challenges;
  });
}

base::Result<model::PracticeSum> SqlChallengeRepository::Done(const model::Challenge& challenge,
                                                              std::optional<std::int64_t> user_id) {
  const std::string text = fmt::format(
      "SELECT COUNT(*), COALESCE(SUM(s.audio_duration_seconds), 0.0) FROM class_members m JOIN speech_practice_sessions s ON {} "
      "AND s.created_at >= {} AND s.created_at < {} WHERE m.class_id = :class_id {}",
      kPractised, dialect_.ToTime(":begins_at"), dialect_.ToTime(":ends_at"), user_id ? "AND m.user_id = :user_id" : "");
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<model::PracticeSum> {
    model::PracticeSum sum;
    Statement statement(sql, text);
    statement.Into(sum.sessions).Into(sum.practice_s);
    statement.Use("begins_at", challenge.begins_at_ms).Use("ends_at", challenge.ends_at_ms).Use("class_id", challenge.class_id);
    if (user_id) statement.Use("user_id", *user_id);
    statement.ExecuteForOne();
    return sum;
  });
}

base::Status SqlChallengeRepository::TakePart(std::int64_t class_id, std::int64_t user_id, bool takes_part) {
  const std::string text = takes_part ? "INSERT INTO leaderboard_members (class_id, user_id) VALUES (:class_id, :user_id) ON "
                                        "CONFLICT (class_id, user_id) DO NOTHING"
                                      : "DELETE FROM leaderboard_members WHERE class_id = :class_id AND user_id = :user_id";
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, text).Use("class_id", class_id).Use("user_id", user_id).Execute();
    return {};
  });
}

base::Result<bool> SqlChallengeRepository::TakesPart(std::int64_t class_id, std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<bool> {
    long long found = 0;
    return Statement(sql, "SELECT user_id FROM leaderboard_members WHERE class_id = :class_id AND user_id = :user_id")
        .Into(found)
        .Use("class_id", class_id)
        .Use("user_id", user_id)
        .ExecuteForOne();
  });
}

base::Result<std::vector<std::int64_t>> SqlChallengeRepository::LeaderboardsOf(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<std::int64_t>> {
    std::vector<std::int64_t> classes;
    long long class_id = 0;
    Statement statement(sql, "SELECT class_id FROM leaderboard_members WHERE user_id = :user_id ORDER BY class_id");
    statement.Into(class_id).Use("user_id", user_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) classes.push_back(class_id);
    return classes;
  });
}

base::Result<std::vector<model::LeaderboardRow>> SqlChallengeRepository::Leaderboard(std::int64_t class_id,
                                                                                     std::int64_t since_ms) {
  const std::string text = fmt::format(
      "SELECT m.user_id, u.name, COUNT(s.id), COALESCE(SUM(s.audio_duration_seconds), 0.0) AS practised FROM leaderboard_members "
      "l "
      "JOIN class_members m ON m.class_id = l.class_id AND m.user_id = l.user_id JOIN users u ON u.id = m.user_id "
      "LEFT JOIN speech_practice_sessions s ON {} AND s.created_at >= {} WHERE l.class_id = :class_id "
      "GROUP BY m.user_id, u.name ORDER BY practised DESC, u.name, m.user_id",
      kPractised, dialect_.ToTime(":since"));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::LeaderboardRow>> {
    std::vector<model::LeaderboardRow> rows;
    model::LeaderboardRow row;
    Statement statement(sql, text);
    statement.Into(row.user_id).Into(row.name).Into(row.practice.sessions).Into(row.practice.practice_s);
    statement.Use("since", since_ms).Use("class_id", class_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) rows.push_back(row);
    return rows;
  });
}

}  // namespace speechcoach::storage
