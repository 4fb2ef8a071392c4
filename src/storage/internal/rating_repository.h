// RatingRepository over the pool.
#pragma once

#include <string>
#include <string_view>

#include "storage/internal/connection_pool.h"
#include "storage/internal/dialect.h"
#include "storage/rating_repository.h"

namespace speechcoach::storage {

class SqlRatingRepository final : public RatingRepository {
 public:
  SqlRatingRepository(ConnectionPool& pool, const Dialect& dialect) : pool_(pool), dialect_(dialect) {}

  base::Status SetConsent(std::int64_t user_id, bool is_given, std::int64_t now_ms) override;
  base::Result<bool> HasConsented(std::int64_t user_id) override;
  base::Result<std::optional<model::RatingTask>> Next(std::int64_t rater_id, int wanted, std::string_view after) override;
  base::Result<model::RatingTask> OpenTo(std::int64_t rater_id, std::string_view session_id) override;
  base::Status Rate(std::string_view session_id, const model::HumanRating& rating) override;
  base::Result<std::vector<model::HumanRating>> RatingsOf(std::string_view session_id) override;
  base::Result<std::vector<model::RatedReading>> All() override;
  base::Result<model::RatingCalibration> Calibration() override;
  base::Status KeepCalibration(const model::RatingCalibration& calibration, std::int64_t now_ms) override;

 private:
  ConnectionPool& pool_;
  const Dialect& dialect_;
};

// A learner's consent to being rated, and what was rated under it.
void ForgetRatings(std::int64_t user_id, Connection& sql);

}  // namespace speechcoach::storage
