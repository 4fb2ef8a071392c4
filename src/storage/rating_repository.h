// Which readings may be rated, what people think of them, and the calibration made from that. Every call blocks and is thread-safe.
// Errors everywhere: kStorageUnavailable.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/rating.h"

namespace speechcoach::storage {

class RatingRepository {
 public:
  virtual ~RatingRepository() = default;

  // Taking it back erases what people thought of the learner's readings.
  virtual base::Status SetConsent(std::int64_t user_id, bool is_given, std::int64_t now_ms) = 0;
  virtual base::Result<bool> HasConsented(std::int64_t user_id) = 0;

  // Open to a rater is what somebody else, whom they do not teach, read to the end, with its sound kept, after consenting.
  // The next one for them: not rated by them yet and by fewer than `wanted` people; those that somebody has begun with first. The first of all, or the
  // one that follows the session `after`.
  virtual base::Result<std::optional<model::RatingTask>> Next(std::int64_t rater_id, int wanted, std::string_view after = {}) = 0;
  virtual base::Result<model::RatingTask> OpenTo(std::int64_t rater_id, std::string_view session_id) = 0;  // kSessionNotFound

  // In place of what they thought before. kSessionNotFound: not open to them (any more).
  virtual base::Status Rate(std::string_view session_id, const model::HumanRating& rating) = 0;
  virtual base::Result<std::vector<model::HumanRating>> RatingsOf(std::string_view session_id) = 0;
  virtual base::Result<std::vector<model::RatedReading>> All() = 0;  // of those who consent still, by session

  virtual base::Result<model::RatingCalibration> Calibration() = 0;
  virtual base::Status KeepCalibration(const model::RatingCalibration& calibration, std::int64_t now_ms) = 0;
};

}  // namespace speechcoach::storage
