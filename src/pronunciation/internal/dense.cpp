#include "pronunciation/internal/dense.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "pronunciation/internal/matrix_product.h"

namespace speechcoach::pronunciation {
namespace {

constexpr double kNormEpsilon = 1e-5;

}  // namespace

float Gelu(float x) { return 0.5f * x * (1.0f + std::erf(x * std::numbers::sqrt2_v<float> / 2.0f)); }

void ApplyGelu(Rows& rows) {
  for (float& value : rows.values) value = Gelu(value);
}

base::Result<Dense> Dense::Load(const TensorFile& file, const std::string& name) {
  const auto weight = file.floats(name + ".weight");
  if (!weight.ok()) return weight.error();
  const auto bias = file.floats(name + ".bias");
  if (!bias.ok()) return bias.error();
  const std::vector<std::size_t>& shape = (*weight)->shape;
  if (shape.size() != 2 || shape[0] == 0 || (*bias)->values.size() != shape[0]) {
    return {base::ErrorCode::kModelUnavailable, fmt::format("{} has an unusable shape", name)};
  }
  Dense dense;
  dense.outputs_ = shape[0];
  dense.inputs_ = shape[1];
  const std::size_t padded = (dense.outputs_ + kLane - 1) / kLane * kLane;
  dense.weights_.assign(dense.inputs_ * padded, 0.0f);
  for (std::size_t n = 0; n < dense.outputs_; ++n) {
    for (std::size_t k = 0; k < dense.inputs_; ++k) dense.weights_[k * padded + n] = (*weight)->values[n * dense.inputs_ + k];
  }
  dense.bias_.assign(padded, 0.0f);
  std::ranges::copy((*bias)->values, dense.bias_.begin());
  return dense;
}

Rows Dense::operator()(const Rows& x) const {
  Rows padded(x.count, bias_.size());
  for (std::size_t i = 0; i < x.count; ++i) std::ranges::copy(bias_, padded.row(i));
  AddMatrixProduct(x.values.data(), x.count, inputs_, weights_.data(), bias_.size(), padded.values.data());
  Rows y(x.count, outputs_);
  for (std::size_t i = 0; i < x.count; ++i) std::copy_n(padded.row(i), outputs_, y.row(i));
  return y;
}

base::Result<LayerNorm> LayerNorm::Load(const TensorFile& file, const std::string& name) {
  const auto weight = file.floats(name + ".weight");
  if (!weight.ok()) return weight.error();
  const auto bias = file.floats(name + ".bias");
  if (!bias.ok()) return bias.error();
  if ((*weight)->values.empty() || (*bias)->values.size() != (*weight)->values.size()) {
    return {base::ErrorCode::kModelUnavailable, fmt::format("{} has an unusable shape", name)};
  }
  LayerNorm norm;
  norm.weight_ = (*weight)->values;
  norm.bias_ = (*bias)->values;
  return norm;
}

Rows LayerNorm::operator()(const Rows& x) const {
  Rows y(x.count, x.width);
  for (std::size_t i = 0; i < x.count; ++i) {
    const float* in = x.row(i);
    double sum = 0.0;
    for (std::size_t d = 0; d < x.width; ++d) sum += in[d];
    const double mean = sum / static_cast<double>(x.width);
    double squares = 0.0;
    for (std::size_t d = 0; d < x.width; ++d) squares += (in[d] - mean) * (in[d] - mean);
    const double scale = 1.0 / std::sqrt(squares / static_cast<double>(x.width) + kNormEpsilon);
    for (std::size_t d = 0; d < x.width; ++d) y.row(i)[d] = static_cast<float>((in[d] - mean) * scale) * weight_[d] + bias_[d];
  }
  return y;
}

}  // namespace speechcoach::pronunciation
