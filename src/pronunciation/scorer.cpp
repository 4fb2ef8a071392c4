#include "pronunciation/scorer.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <fmt/format.h>

namespace speechcoach::pronunciation {
namespace {

base::Result<std::vector<std::size_t>> Columns(std::string_view names, std::span<const std::string> known) {
  std::vector<std::size_t> columns;
  std::istringstream stream{std::string(names)};
  for (std::string name; stream >> name;) {
    const auto found = std::ranges::find(known, name);
    if (found == known.end())
      return {base::ErrorCode::kModelUnavailable, fmt::format("the parameters ask for the feature {}, which is not known", name)};
    columns.push_back(static_cast<std::size_t>(found - known.begin()));
  }
  return columns;
}

double Interpolated(const std::vector<double>& x, const std::vector<double>& y, double at) {
  if (x.empty()) return at;
  const auto above = std::ranges::upper_bound(x, at);
  if (above == x.begin()) return y.front();
  if (above == x.end()) return y.back();
  const auto i = static_cast<std::size_t>(above - x.begin());
  return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]);
}

}  // namespace

base::Result<Scorer> Scorer::Load(const TensorFile& file, const std::string& name, std::span<const std::string> known_features,
                                  Range range) {
  Scorer scorer;
  scorer.range_ = range;
  const std::string_view names = file.metadata(name + ".features");
  auto columns = Columns(names, known_features);
  if (!columns.ok()) return columns.error();
  scorer.forest_columns_ = std::move(*columns);
  const bool has_forest = file.has(name + ".forest.tree_root");
  const bool has_linear = file.has(name + ".linear.weight");
  if (!has_forest && !has_linear)
    return {base::ErrorCode::kModelUnavailable, fmt::format("the parameters hold no model for {}", name)};
  if (has_forest) {
    auto forest = Forest::Load(file, name + ".forest", scorer.forest_columns_.size());
    if (!forest.ok()) return forest.error();
    scorer.forest_.push_back(std::move(*forest));
  }
  const auto read = [&](const std::string& part, std::vector<double>& into) -> base::Status {
    const auto tensor = file.floats(name + part);
    if (!tensor.ok()) return tensor.error();
    into.assign((*tensor)->values.begin(), (*tensor)->values.end());
    return {};
  };
  if (has_linear) {
    const std::string_view linear_names = file.metadata(name + ".linear_features");
    auto linear_columns = Columns(linear_names.empty() ? names : linear_names, known_features);
    if (!linear_columns.ok()) return linear_columns.error();
    scorer.linear_columns_ = std::move(*linear_columns);
    std::vector<double> bias;
    for (const auto& [part, into] : {std::pair(".linear.mean", &scorer.mean_), std::pair(".linear.scale", &scorer.scale_),
                                     std::pair(".linear.weight", &scorer.weight_), std::pair(".linear.bias", &bias)}) {
      if (const base::Status status = read(part, *into); !status.ok()) return status.error();
    }
    const std::size_t count = scorer.linear_columns_.size();
    if (scorer.mean_.size() != count || scorer.scale_.size() != count || scorer.weight_.size() != count || bias.size() != 1 ||
        std::ranges::find(scorer.scale_, 0.0) != scorer.scale_.end()) {
      return {base::ErrorCode::kModelUnavailable, fmt::format("the linear model of {} does not fit its features", name)};
    }
    scorer.bias_ = bias[0];
  }
  for (const auto& [part, into] :
       {std::pair(".forest_weight", &scorer.forest_weight_), std::pair(".net_weight", &scorer.net_weight_)}) {
    if (!file.has(name + part)) continue;
    std::vector<double> weight;
    if (const base::Status status = read(part, weight); !status.ok()) return status.error();
    if (weight.size() != 1) return {base::ErrorCode::kModelUnavailable, fmt::format("{}{} is not one number", name, part)};
    *into = weight[0];
  }
  if (file.has(name + ".calibration.x")) {
    if (const base::Status status = read(".calibration.x", scorer.calibration_x_); !status.ok()) return status.error();
    if (const base::Status status = read(".calibration.y", scorer.calibration_y_); !status.ok()) return status.error();
    const bool rises = std::ranges::adjacent_find(scorer.calibration_x_, std::greater_equal()) == scorer.calibration_x_.end();
    if (scorer.calibration_x_.size() != scorer.calibration_y_.size() || !rises) {
      return {base::ErrorCode::kModelUnavailable, fmt::format("the calibration of {} is not a rising line", name)};
    }
  }
  return scorer;
}

double Scorer::Stage(std::span<const float> row) const {
  if (forest_.empty()) return 0.0;
  std::vector<float> taken;
  taken.reserve(forest_columns_.size());
  for (const std::size_t column : forest_columns_) taken.push_back(row[column]);
  return forest_.front()(taken);
}

double Scorer::operator()(std::span<const float> row, double stage, double net_score) const {
  double score = forest_weight_ * stage + net_weight_ * net_score;
  if (!weight_.empty()) {
    score += bias_;
    for (std::size_t i = 0; i < weight_.size(); ++i) score += weight_[i] * (row[linear_columns_[i]] - mean_[i]) / scale_[i];
  }
  score = Interpolated(calibration_x_, calibration_y_, score);
  return std::isfinite(score) ? std::clamp(score, range_.lowest, range_.highest) : range_.lowest;
}

}  // namespace speechcoach::pronunciation
