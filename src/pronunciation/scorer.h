// A trained model: named features -> one score, as human raters would give it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pronunciation/forest.h"
#include "pronunciation/tensor_file.h"

namespace speechcoach::pronunciation {

// Trees, a linear model and the phone net's score, weighed and added up; then a monotone calibration; then clipped to the range. Immutable;
// thread-safe.
class Scorer {
 public:
  struct Range {
    double lowest = 0.0;
    double highest = 10.0;
  };

  // NAME.forest.*, NAME.linear.{mean, scale, weight, bias}, NAME.forest_weight, NAME.net_weight, NAME.calibration.{x, y} of the file; the features that they take are listed in its
  // metadata NAME.features and NAME.linear_features. `known_features` are those that there are, in the order of the rows to be scored.
  // Errors: kModelUnavailable (no such model, a feature that is not known, parts that do not fit).
  static base::Result<Scorer> Load(const TensorFile& file, const std::string& name, std::span<const std::string> known_features,
                                   Range range);

  // The trees alone, which later models are made from.
  double Stage(std::span<const float> row) const;

  // `stage` is Stage(row).
  double operator()(std::span<const float> row, double stage, double net_score) const;

 private:
  std::vector<std::size_t> forest_columns_;
  std::vector<Forest> forest_;  // none or one
  std::vector<std::size_t> linear_columns_;
  std::vector<double> mean_;
  std::vector<double> scale_;
  std::vector<double> weight_;
  double bias_ = 0.0;
  double forest_weight_ = 1.0;
  double net_weight_ = 0.0;
  std::vector<double> calibration_x_;
  std::vector<double> calibration_y_;
  Range range_;
};

}  // namespace speechcoach::pronunciation
