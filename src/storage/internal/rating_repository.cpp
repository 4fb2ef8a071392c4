#include "storage/internal/rating_repository.h"

#include <array>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "json/model_json.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

constexpr std::string_view kOpen =
    "SELECT s.id, s.user_id, s.reference_text, (SELECT COUNT(*) FROM human_ratings r WHERE r.session_id = s.id) AS raters "
    "FROM rating_consents c JOIN speech_practice_sessions s ON s.user_id = c.user_id AND s.created_at >= c.given_at "
    "WHERE s.mode = 'sentence_practice' AND s.status IN ('completed', 'degraded') AND s.audio_url IS NOT NULL AND "
    "s.overall_score IS NOT NULL "
    "AND s.reference_text IS NOT NULL AND c.user_id <> :rater "
    // A teacher knows the voices of a class of their own.
    "AND NOT EXISTS (SELECT 1 FROM class_members m JOIN classes k ON k.id = m.class_id WHERE m.user_id = c.user_id AND "
    "k.teacher_id = :teacher) "
    "AND NOT EXISTS (SELECT 1 FROM guardian_consents g WHERE g.user_id = c.user_id)";

// The parameters of kOpen.
Statement& UseRater(Statement& statement, const std::int64_t& rater_id) {
  return statement.Use("rater", rater_id).Use("teacher", rater_id);
}

bool ReadTask(Statement& statement, model::RatingTask& task) {
  return statement.Into(task.session_id).Into(task.user_id).Into(task.reference_text).Into(task.raters).ExecuteForOne();
}

struct RatingRow {
  long long rater_id = 0;
  std::array<int, model::kRatingNames.size()> points{};
  long long rated_at = 0;
};

// Columns as IntoRating reads them.
std::string RatingColumns(const Dialect& dialect) {
  return "r.rater_id, r.accuracy, r.fluency, r.prosodic, r.total, " + dialect.ToMilliseconds("r.rated_at");
}

void IntoRating(RatingRow& row, Statement& statement) {
  statement.Into(row.rater_id);
  for (int& points : row.points) statement.Into(points);
  statement.Into(row.rated_at);
}

model::HumanRating FromRow(const RatingRow& row) {
  model::HumanRating rating{row.rater_id, {}, row.rated_at};
  for (std::size_t i = 0; i < row.points.size(); ++i) rating.ratings.*model::kRatingNames[i].second = row.points[i];
  return rating;
}

// What the program thought itself, where it heard the sounds.
std::optional<model::SentenceRatings> GivenIn(const std::string& analysis) {
  const auto read = json::AnalysisFromJson(boost::json::parse(analysis, {}, {.allow_invalid_utf8 = true}));
  if (!read.ok() || !read->pronunciation) return std::nullopt;
  return read->pronunciation->ratings;
}

}  // namespace

void ForgetRatings(std::int64_t user_id, Connection& sql) {
  Statement(sql, "DELETE FROM rating_consents WHERE user_id = :user_id").Use("user_id", user_id).Execute();
  Statement(sql,
            "DELETE FROM human_ratings WHERE session_id IN (SELECT id FROM speech_practice_sessions WHERE user_id = :user_id)")
      .Use("user_id", user_id)
      .Execute();
}

base::Status SqlRatingRepository::SetConsent(std::int64_t user_id, bool is_given, std::int64_t now_ms) {
  const std::string give = fmt::format(
      "INSERT INTO rating_consents (user_id, given_at) SELECT u.id, {} FROM users u WHERE u.id = :user_id "
      "AND NOT EXISTS (SELECT 1 FROM guardian_consents g WHERE g.user_id = u.id) ON CONFLICT (user_id) DO NOTHING",
      dialect_.ToTime(":now"));
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    if (is_given) {
      Statement(sql, give).Use("now", now_ms).Use("user_id", user_id).Execute();
    } else {
      ForgetRatings(user_id, sql);
    }
    transaction.commit();
    return {};
  });
}

base::Result<bool> SqlRatingRepository::HasConsented(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<bool> {
    long long found = 0;
    return Statement(sql, "SELECT user_id FROM rating_consents WHERE user_id = :user_id")
        .Into(found)
        .Use("user_id", user_id)
        .ExecuteForOne();
  });
}

base::Result<std::optional<model::RatingTask>> SqlRatingRepository::Next(std::int64_t rater_id, int wanted,
                                                                         std::string_view after) {
  const std::string passed(after);
  const std::string text = fmt::format(
      "SELECT * FROM ({} AND NOT EXISTS (SELECT 1 FROM human_ratings own WHERE own.session_id = s.id AND own.rater_id = "
      ":same_rater)) tasks "
      "WHERE raters < :wanted {} ORDER BY raters DESC, id LIMIT 1",
      kOpen, after.empty() ? "" : "AND (raters < :fewer OR (raters = :same_raters AND id > :after))");
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::optional<model::RatingTask>> {
    model::RatingTask task;
    long long raters = 0;
    if (!passed.empty())
      Statement(sql, "SELECT COUNT(*) FROM human_ratings WHERE session_id = :id").Into(raters).Use("id", passed).ExecuteForOne();
    Statement statement(sql, text);
    UseRater(statement, rater_id).Use("same_rater", rater_id).Use("wanted", wanted);
    if (!passed.empty()) statement.Use("fewer", raters).Use("same_raters", raters).Use("after", passed);
    return ReadTask(statement, task) ? std::optional(std::move(task)) : std::nullopt;
  });
}

base::Result<model::RatingTask> SqlRatingRepository::OpenTo(std::int64_t rater_id, std::string_view session_id) {
  const std::string wanted(session_id);
  const std::string text = std::string(kOpen) + " AND s.id = :id";
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<model::RatingTask> {
    model::RatingTask task;
    Statement statement(sql, text);
    if (!ReadTask(UseRater(statement, rater_id).Use("id", wanted), task))
      return {base::ErrorCode::kSessionNotFound, "nothing to be rated"};
    return task;
  });
}

base::Status SqlRatingRepository::Rate(std::string_view session_id, const model::HumanRating& rating) {
  const std::string wanted(session_id);
  std::array<int, model::kRatingNames.size()> points{};
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = static_cast<int>(rating.ratings.*model::kRatingNames[i].second);
  const std::string text = fmt::format(
      "INSERT INTO human_ratings (session_id, rater_id, accuracy, fluency, prosodic, total, rated_at) "
      "SELECT o.id, CAST(:rater_id AS BIGINT), CAST(:accuracy AS INTEGER), CAST(:fluency AS INTEGER), CAST(:prosodic AS "
      "INTEGER), CAST(:total AS INTEGER), {} "
      "FROM ({} AND s.id = :session_id) o WHERE 1 = 1 ON CONFLICT (session_id, rater_id) DO UPDATE SET "
      "accuracy = excluded.accuracy, fluency = excluded.fluency, prosodic = excluded.prosodic, total = excluded.total, rated_at "
      "= excluded.rated_at",
      dialect_.ToTime(":rated_at"), kOpen);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement statement(sql, text);
    statement.Use("rater_id", rating.rater_id);
    for (std::size_t i = 0; i < points.size(); ++i) statement.Use(model::kRatingNames[i].first, points[i]);
    UseRater(statement.Use("rated_at", rating.rated_at_ms), rating.rater_id).Use("session_id", wanted);
    if (statement.ExecuteForCount() == 0) return {base::ErrorCode::kSessionNotFound, "nothing to be rated"};
    return {};
  });
}

base::Result<std::vector<model::HumanRating>> SqlRatingRepository::RatingsOf(std::string_view session_id) {
  const std::string wanted(session_id);
  const std::string text =
      fmt::format("SELECT {} FROM human_ratings r WHERE r.session_id = :session_id ORDER BY r.rater_id", RatingColumns(dialect_));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::HumanRating>> {
    RatingRow row;
    Statement statement(sql, text);
    IntoRating(row, statement);
    statement.Use("session_id", wanted);
    std::vector<model::HumanRating> ratings;
    for (bool more = statement.Execute(); more; more = statement.Next()) ratings.push_back(FromRow(row));
    return ratings;
  });
}

base::Result<std::vector<model::RatedReading>> SqlRatingRepository::All() {
  const std::string text = fmt::format(
      "SELECT s.id, s.user_id, s.analysis_result, {} FROM human_ratings r JOIN speech_practice_sessions s ON s.id = r.session_id "
      "JOIN rating_consents c ON c.user_id = s.user_id WHERE NOT EXISTS (SELECT 1 FROM guardian_consents g WHERE g.user_id = "
      "s.user_id) "
      "ORDER BY r.session_id, r.rater_id",
      RatingColumns(dialect_));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::RatedReading>> {
    std::string id;
    long long user_id = 0;
    Nullable<std::string> analysis;
    RatingRow row;
    Statement statement(sql, text);
    statement.Into(id).Into(user_id).Into(analysis);
    IntoRating(row, statement);
    std::vector<model::RatedReading> readings;
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      if (readings.empty() || readings.back().session_id != id) {
        readings.push_back({id, user_id, analysis.has_value() ? GivenIn(analysis.value) : std::nullopt, {}});
      }
      readings.back().human.push_back(FromRow(row));
    }
    return readings;
  });
}

base::Result<model::RatingCalibration> SqlRatingRepository::Calibration() {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<model::RatingCalibration> {
    model::RatingCalibration calibration;
    std::string rating;
    model::RatingLine line;
    Statement statement(sql, "SELECT rating, shift, slope FROM rating_lines");
    statement.Into(rating).Into(line.shift).Into(line.slope);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      for (const auto& [name, member] : model::kCalibratedRatings) {
        if (rating == name) calibration.*member = line;
      }
    }
    return calibration;
  });
}

base::Status SqlRatingRepository::KeepCalibration(const model::RatingCalibration& calibration, std::int64_t now_ms) {
  const std::string text = fmt::format(
      "INSERT INTO rating_lines (rating, shift, slope, made_at) VALUES (:rating, :shift, :slope, {}) ON CONFLICT (rating) DO "
      "UPDATE SET "
      "shift = excluded.shift, slope = excluded.slope, made_at = excluded.made_at",
      dialect_.ToTime(":now"));
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    for (const auto& [name, member] : model::kCalibratedRatings) {
      const std::string rating = name;
      const model::RatingLine& line = calibration.*member;
      Statement(sql, text).Use("rating", rating).Use("shift", line.shift).Use("slope", line.slope).Use("now", now_ms).Execute();
    }
    transaction.commit();
    return {};
  });
}

}  // namespace speechcoach::storage
