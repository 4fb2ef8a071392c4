// The part of progress that says when a sentence is to be read again. Every function runs while the user's row is held.
#include <optional>

#include <fmt/format.h>

#include "storage/internal/progress_repository.h"
#include "storage/internal/statement.h"
#include "storage/internal/user_repository.h"

namespace speechcoach::storage {
namespace {

void Drop(std::int64_t user_id, std::int64_t sentence_id, Connection& sql) {
  Statement(sql, "DELETE FROM sentence_reviews WHERE user_id = :user_id AND sentence_id = :sentence_id")
      .Use("user_id", user_id)
      .Use("sentence_id", sentence_id)
      .Execute();
}

void Put(std::int64_t user_id, const model::SentenceReview& review, Connection& sql) {
  const int wants_another = review.wants_another ? 1 : 0;
  Statement(sql,
            "INSERT INTO sentence_reviews (user_id, sentence_id, readings, last_score, last_day, wants_another, repetitions, "
            "interval_days, "
            "easiness_hundredths, due_day) VALUES (:user_id, :sentence_id, :readings, :last_score, :last_day, :wants_another, "
            ":repetitions, :interval_days, :easiness, :due_day) ON CONFLICT (user_id, sentence_id) DO UPDATE SET "
            "readings = excluded.readings, last_score = excluded.last_score, last_day = excluded.last_day, "
            "wants_another = excluded.wants_another, repetitions = excluded.repetitions, interval_days = excluded.interval_days, "
            "easiness_hundredths = excluded.easiness_hundredths, due_day = excluded.due_day")
      .Use("user_id", user_id)
      .Use("sentence_id", review.sentence_id)
      .Use("readings", review.readings)
      .Use("last_score", review.last_score)
      .Use("last_day", review.last_day)
      .Use("wants_another", wants_another)
      .Use("repetitions", review.repetitions)
      .Use("interval_days", review.interval_days)
      .Use("easiness", review.easiness_hundredths)
      .Use("due_day", review.due_day)
      .Execute();
}

}  // namespace

void SqlProgressRepository::Reschedule(std::int64_t user_id, std::int64_t sentence_id, const std::string& left_out,
                                       const std::string& time_zone, const Scheduler& schedule, Connection& sql) const {
  std::vector<model::Reading> readings;
  model::Reading reading;
  Statement statement(
      sql,
      fmt::format(
          "SELECT {}, pronunciation_score FROM speech_practice_sessions WHERE user_id = :user_id AND sentence_id = :sentence_id "
          "AND status IN ('completed', 'degraded') AND pronunciation_score IS NOT NULL AND id <> :left_out "
          "ORDER BY created_at, id",
          dialect_.ToMilliseconds("created_at")));
  statement.Into(reading.at_ms)
      .Into(reading.score)
      .Use("user_id", user_id)
      .Use("sentence_id", sentence_id)
      .Use("left_out", left_out);
  for (bool more = statement.Execute(); more; more = statement.Next()) readings.push_back(reading);
  std::optional<model::SentenceReview> review = schedule(readings, time_zone);
  if (!review) return Drop(user_id, sentence_id, sql);
  review->sentence_id = sentence_id;
  Put(user_id, *review, sql);
}

void SqlProgressRepository::RescheduleSentenceOf(std::int64_t user_id, const std::string& session_id, Use use,
                                                 const Scheduler& schedule, Connection& sql) const {
  Nullable<long long> sentence_id;
  Statement(sql, "SELECT sentence_id FROM speech_practice_sessions WHERE id = :id")
      .Into(sentence_id)
      .Use("id", session_id)
      .ExecuteForOne();
  if (!sentence_id.has_value()) return;
  Reschedule(user_id, sentence_id.value, use == Use::kIsLeftOut ? session_id : std::string(), TimeZoneOf(user_id, sql), schedule,
             sql);
}

void SqlProgressRepository::RescheduleAll(std::int64_t user_id, const Scheduler& schedule, Connection& sql) const {
  const std::string time_zone = TimeZoneOf(user_id, sql);
  std::vector<std::int64_t> sentence_ids;
  std::int64_t sentence_id = 0;
  {
    Statement statement(
        sql, "SELECT DISTINCT sentence_id FROM speech_practice_sessions WHERE user_id = :user_id AND sentence_id IS NOT NULL");
    statement.Into(sentence_id).Use("user_id", user_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) sentence_ids.push_back(sentence_id);
  }
  for (const std::int64_t id : sentence_ids) Reschedule(user_id, id, {}, time_zone, schedule, sql);
}

base::Result<std::vector<model::SentenceReview>> SqlProgressRepository::Reviews(std::int64_t user_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::SentenceReview>> {
    std::vector<model::SentenceReview> reviews;
    model::SentenceReview review;
    int wants_another = 0;
    Statement statement(
        sql,
        "SELECT sentence_id, readings, last_score, last_day, CAST(wants_another AS INTEGER), repetitions, interval_days, "
        "easiness_hundredths, due_day FROM sentence_reviews WHERE user_id = :user_id ORDER BY sentence_id");
    statement.Into(review.sentence_id)
        .Into(review.readings)
        .Into(review.last_score)
        .Into(review.last_day)
        .Into(wants_another)
        .Into(review.repetitions)
        .Into(review.interval_days)
        .Into(review.easiness_hundredths)
        .Into(review.due_day)
        .Use("user_id", user_id);
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      review.wants_another = wants_another != 0;
      reviews.push_back(review);
    }
    return reviews;
  });
}

}  // namespace speechcoach::storage
