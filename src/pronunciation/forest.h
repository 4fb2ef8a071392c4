// An ensemble of regression trees (Breiman et al. 1984, boosted as in Friedman 2001): the sum of one leaf of each tree.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "pronunciation/tensor_file.h"

namespace speechcoach::pronunciation {

// Immutable; thread-safe.
class Forest {
 public:
  // From the tensors NAME.feature, .threshold, .left, .right, .value, .tree_root and .bias: one table of nodes for all trees. A child below
  // 0 is the leaf ~child of `value`. Errors: kModelUnavailable (missing, or a node that leads nowhere or back).
  static base::Result<Forest> Load(const TensorFile& file, const std::string& name, std::size_t features);

  double operator()(std::span<const float> row) const;

 private:
  struct Node {
    std::int32_t feature = 0;
    float threshold = 0.0f;  // left where row[feature] <= threshold
    std::int32_t left = 0;
    std::int32_t right = 0;
  };
  std::vector<Node> nodes_;
  std::vector<float> leaves_;
  std::vector<std::int32_t> roots_;
  double bias_ = 0.0;
};

}  // namespace speechcoach::pronunciation
