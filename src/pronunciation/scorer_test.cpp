#include "pronunciation/scorer.h"

#include <gtest/gtest.h>

namespace speechcoach::pronunciation {
namespace {

const std::vector<std::string> kFeatures{"a", "b", "c"};

// Two trees on "c" and "a": c <= 0.5 ? (a <= 2 ? 1 : 2) : 3, and a stump of one leaf, 10.
TensorFile ForestFile() {
  TensorFile file;
  file.SetMetadata("m.features", "c a");
  file.Set("m.forest.feature", Tensor<std::int32_t>{{2}, {0, 1}});
  file.Set("m.forest.threshold", Tensor<float>{{2}, {0.5F, 2.0F}});
  file.Set("m.forest.left", Tensor<std::int32_t>{{2}, {1, ~0}});
  file.Set("m.forest.right", Tensor<std::int32_t>{{2}, {~2, ~1}});
  file.Set("m.forest.value", Tensor<float>{{4}, {1, 2, 3, 10}});
  file.Set("m.forest.tree_root", Tensor<std::int32_t>{{2}, {0, ~3}});
  file.Set("m.forest.bias", Tensor<float>{{1}, {0.25F}});
  return file;
}

Scorer Loaded(const TensorFile& file, Scorer::Range range = {0.0, 100.0}) {
  auto scorer = Scorer::Load(file, "m", kFeatures, range);
  EXPECT_TRUE(scorer.ok()) << (scorer.ok() ? "" : scorer.error().message);
  return *scorer;
}

double Score(const Scorer& scorer, std::vector<float> row, double net = 0.0) { return scorer(row, scorer.Stage(row), net); }

TEST(Scorer, WalksItsTrees) {
  const Scorer scorer = Loaded(ForestFile());
  EXPECT_DOUBLE_EQ(Score(scorer, {2.0F, 9.0F, 0.5F}), 11.25);
  EXPECT_DOUBLE_EQ(Score(scorer, {2.1F, 9.0F, 0.5F}), 12.25);
  EXPECT_DOUBLE_EQ(Score(scorer, {0.0F, 9.0F, 0.6F}), 13.25);
}

TEST(Scorer, AddsTreesLineAndNetByTheirWeights) {
  TensorFile file = ForestFile();
  file.SetMetadata("m.linear_features", "b");
  file.Set("m.linear.mean", Tensor<float>{{1}, {1.0F}});
  file.Set("m.linear.scale", Tensor<float>{{1}, {2.0F}});
  file.Set("m.linear.weight", Tensor<float>{{1}, {3.0F}});
  file.Set("m.linear.bias", Tensor<float>{{1}, {0.5F}});
  file.Set("m.forest_weight", Tensor<float>{{1}, {0.5F}});
  file.Set("m.net_weight", Tensor<float>{{1}, {2.0F}});
  EXPECT_DOUBLE_EQ(Score(Loaded(file), {2.0F, 5.0F, 0.5F}, 4.0), 0.5 * 11.25 + 0.5 + 3.0 * 2.0 + 2.0 * 4.0);
}

TEST(Scorer, CalibratesAndClips) {
  TensorFile file = ForestFile();
  file.Set("m.calibration.x", Tensor<float>{{3}, {11.0F, 12.0F, 13.0F}});
  file.Set("m.calibration.y", Tensor<float>{{3}, {0.0F, 4.0F, 20.0F}});
  const Scorer scorer = Loaded(file, {0.0, 10.0});
  EXPECT_DOUBLE_EQ(Score(scorer, {2.0F, 0.0F, 0.5F}), 1.0);
  EXPECT_DOUBLE_EQ(Score(scorer, {0.0F, 0.0F, 0.6F}), 10.0) << "clipped";
}

TEST(Scorer, RefusesWhatItCannotUse) {
  TensorFile file = ForestFile();
  file.SetMetadata("m.features", "c unheard_of");
  EXPECT_FALSE(Scorer::Load(file, "m", kFeatures, {}).ok());
  EXPECT_FALSE(Scorer::Load(ForestFile(), "other", kFeatures, {}).ok());
  file = ForestFile();
  file.Set("m.forest.left", Tensor<std::int32_t>{{2}, {0, ~0}});
  EXPECT_FALSE(Scorer::Load(file, "m", kFeatures, {}).ok()) << "a circle";
  file = ForestFile();
  file.Set("m.forest.right", Tensor<std::int32_t>{{2}, {~9, ~1}});
  EXPECT_FALSE(Scorer::Load(file, "m", kFeatures, {}).ok()) << "no such leaf";
  file = ForestFile();
  file.Set("m.calibration.x", Tensor<float>{{2}, {1.0F, 1.0F}});
  file.Set("m.calibration.y", Tensor<float>{{2}, {0.0F, 4.0F}});
  EXPECT_FALSE(Scorer::Load(file, "m", kFeatures, {}).ok());
}

}  // namespace
}  // namespace speechcoach::pronunciation
