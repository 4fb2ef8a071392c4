// Linear layers and layer norms, for a few dozen rows at a time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "pronunciation/tensor_file.h"

namespace speechcoach::pronunciation {

// Row-major.
struct Rows {
  std::size_t count = 0;
  std::size_t width = 0;
  std::vector<float> values;

  Rows() = default;
  Rows(std::size_t rows, std::size_t columns) : count(rows), width(columns), values(rows * columns) {}
  float* row(std::size_t i) { return values.data() + i * width; }
  const float* row(std::size_t i) const { return values.data() + i * width; }
};

float Gelu(float x);
void ApplyGelu(Rows& rows);

// y = W x + b. Immutable.
class Dense {
 public:
  // NAME.weight [outputs, inputs], NAME.bias [outputs]. Errors: kModelUnavailable.
  static base::Result<Dense> Load(const TensorFile& file, const std::string& name);

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }
  // x.width is inputs().
  Rows operator()(const Rows& x) const;

 private:
  std::size_t inputs_ = 0;
  std::size_t outputs_ = 0;
  std::vector<float> weights_;  // [inputs][outputs padded to a multiple of kLane]
  std::vector<float> bias_;     // padded likewise
};

// Each row to mean 0 and variance 1, then scaled and shifted (Ba, Kiros and Hinton 2016).
class LayerNorm {
 public:
  static base::Result<LayerNorm> Load(const TensorFile& file, const std::string& name);

  std::size_t width() const { return weight_.size(); }
  Rows operator()(const Rows& x) const;

 private:
  std::vector<float> weight_;
  std::vector<float> bias_;
};

}  // namespace speechcoach::pronunciation
