#include "cli/agreement.h"

#include <cmath>

namespace speechcoach::cli {
namespace {

double Share(double part, double whole) { return whole > 0.0 ? part / whole : 0.0; }

}  // namespace

// Welford 1962, for two variables.
void Agreement::Add(double score, double rating) {
  count_ += 1.0;
  const double score_step = score - mean_score_;
  const double rating_step = rating - mean_rating_;
  mean_score_ += score_step / count_;
  mean_rating_ += rating_step / count_;
  score_squares_ += score_step * (score - mean_score_);
  rating_squares_ += rating_step * (rating - mean_rating_);
  products_ += score_step * (rating - mean_rating_);
  squared_error_ += (score - rating) * (score - rating);
  absolute_error_ += std::abs(score - rating);
}

double Agreement::pearson() const {
  const double scale = std::sqrt(score_squares_ * rating_squares_);
  return scale > 0.0 ? products_ / scale : 0.0;
}
double Agreement::mse() const { return Share(squared_error_, count_); }
double Agreement::mae() const { return Share(absolute_error_, count_); }

void Proportion::Add(bool is_one) {
  ones_ += is_one ? 1 : 0;
  ++all_;
}

double Proportion::share() const { return Share(static_cast<double>(ones_), static_cast<double>(all_)); }

void Detection::Add(bool found, bool is_there) {
  hits_ += found && is_there ? 1.0 : 0.0;
  found_ += found ? 1.0 : 0.0;
  there_ += is_there ? 1.0 : 0.0;
}

double Detection::precision() const { return Share(hits_, found_); }
double Detection::recall() const { return Share(hits_, there_); }
double Detection::f1() const { return Share(2.0 * precision() * recall(), precision() + recall()); }

}  // namespace speechcoach::cli
