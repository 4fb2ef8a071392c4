#include "pronunciation/forest.h"

#include <fmt/format.h>

namespace speechcoach::pronunciation {

base::Result<Forest> Forest::Load(const TensorFile& file, const std::string& name, std::size_t features) {
  const auto feature = file.integers(name + ".feature");
  const auto threshold = file.floats(name + ".threshold");
  const auto left = file.integers(name + ".left");
  const auto right = file.integers(name + ".right");
  const auto value = file.floats(name + ".value");
  const auto root = file.integers(name + ".tree_root");
  const auto bias = file.floats(name + ".bias");
  for (const auto* tensor : {&feature, &left, &right, &root}) {
    if (!tensor->ok()) return tensor->error();
  }
  for (const auto* tensor : {&threshold, &value, &bias}) {
    if (!tensor->ok()) return tensor->error();
  }
  const base::Error misshapen{base::ErrorCode::kModelUnavailable, fmt::format("the trees of {} do not fit together", name)};
  const std::size_t count = (*feature)->values.size();
  if ((*threshold)->values.size() != count || (*left)->values.size() != count || (*right)->values.size() != count ||
      (*bias)->values.size() != 1) {
    return misshapen;
  }
  Forest forest;
  forest.leaves_ = (*value)->values;
  forest.roots_ = (*root)->values;
  forest.bias_ = (*bias)->values[0];
  const auto leads_somewhere = [&](std::int32_t child, std::int32_t parent) {
    // Children come after their parents: a walk always ends.
    return child < 0 ? static_cast<std::size_t>(~child) < forest.leaves_.size()
                     : child > parent && static_cast<std::size_t>(child) < count;
  };
  for (std::size_t i = 0; i < count; ++i) {
    const Node node{(*feature)->values[i], (*threshold)->values[i], (*left)->values[i], (*right)->values[i]};
    const auto number = static_cast<std::int32_t>(i);
    if (node.feature < 0 || static_cast<std::size_t>(node.feature) >= features) return misshapen;
    if (!leads_somewhere(node.left, number) || !leads_somewhere(node.right, number)) return misshapen;
    forest.nodes_.push_back(node);
  }
  for (const std::int32_t start : forest.roots_) {
    if (!leads_somewhere(start, -1)) return misshapen;
  }
  return forest;
}

double Forest::operator()(std::span<const float> row) const {
  double sum = bias_;
  for (const std::int32_t root : roots_) {
    std::int32_t at = root;
    while (at >= 0) {
      const Node& node = nodes_[static_cast<std::size_t>(at)];
      at = row[static_cast<std::size_t>(node.feature)] <= node.threshold ? node.left : node.right;
    }
    sum += leaves_[static_cast<std::size_t>(~at)];
  }
  return sum;
}

}  // namespace speechcoach::pronunciation
