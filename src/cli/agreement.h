// How well scores agree with human ratings.
#pragma once

#include <cstddef>

namespace speechcoach::cli {

// Running sums; a few additions a pair.
class Agreement {
 public:
  void Add(double score, double rating);

  std::size_t count() const { return static_cast<std::size_t>(count_); }
  double pearson() const;  // 0 where either side does not vary
  double mse() const;
  double mae() const;

 private:
  double count_ = 0.0;
  double mean_score_ = 0.0;
  double mean_rating_ = 0.0;
  double score_squares_ = 0.0;
  double rating_squares_ = 0.0;
  double products_ = 0.0;
  double squared_error_ = 0.0;
  double absolute_error_ = 0.0;
};

// How many of all are.
class Proportion {
 public:
  void Add(bool is_one);

  std::size_t count() const { return all_; }
  double share() const;  // 0 where there are none

 private:
  std::size_t ones_ = 0;
  std::size_t all_ = 0;
};

// Right and wrong yes-or-no answers.
class Detection {
 public:
  void Add(bool found, bool is_there);

  double precision() const;  // 0 where nothing was found
  double recall() const;     // 0 where there was nothing to find
  double f1() const;

 private:
  double hits_ = 0.0;
  double found_ = 0.0;
  double there_ = 0.0;
};

}  // namespace speechcoach::cli
