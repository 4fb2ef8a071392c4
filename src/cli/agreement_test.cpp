#include "cli/agreement.h"

#include <atomic>

#include <gtest/gtest.h>

#include "cli/in_order.h"

namespace speechcoach::cli {
namespace {

TEST(Agreement, EqualsItsDefinition) {
  Agreement agreement;
  // By hand: means 2.5 and 3.5, sums of squares 5 and 19, of products 9.
  const double scores[] = {1, 2, 3, 4};
  const double ratings[] = {1, 3, 3, 7};
  for (int i = 0; i < 4; ++i) agreement.Add(scores[i], ratings[i]);
  EXPECT_NEAR(agreement.pearson(), 9.0 / 9.746794345, 1e-9);
  EXPECT_NEAR(agreement.mse(), (0 + 1 + 0 + 9) / 4.0, 1e-12);
  EXPECT_NEAR(agreement.mae(), (0 + 1 + 0 + 3) / 4.0, 1e-12);
  EXPECT_EQ(agreement.count(), 4U);
}

TEST(Agreement, SidesThatDoNotVaryAgreeInNothing) {
  Agreement agreement;
  EXPECT_EQ(agreement.pearson(), 0.0);
  agreement.Add(5, 1);
  agreement.Add(5, 2);
  EXPECT_EQ(agreement.pearson(), 0.0);
}

TEST(Proportion, IsOfAllThatWereAdded) {
  Proportion proportion;
  EXPECT_EQ(proportion.share(), 0.0);
  for (const bool is_one : {true, false, false, true, false}) proportion.Add(is_one);
  EXPECT_EQ(proportion.count(), 5U);
  EXPECT_DOUBLE_EQ(proportion.share(), 0.4);
}

TEST(Detection, CountsHits) {
  Detection detection;
  EXPECT_EQ(detection.f1(), 0.0);
  detection.Add(true, true);
  detection.Add(true, false);
  detection.Add(false, true);
  detection.Add(false, true);
  detection.Add(false, false);
  EXPECT_DOUBLE_EQ(detection.precision(), 0.5);
  EXPECT_DOUBLE_EQ(detection.recall(), 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(detection.f1(), 0.4);
}

TEST(InOrder, TakesEveryResultOnceInOrder) {
  std::vector<std::size_t> taken;
  std::atomic<int> calls = 0;
  RunInOrder<std::size_t>(
      100, 4,
      [&](std::size_t i) {
        ++calls;
        return i * i;
      },
      [&](std::size_t i, std::size_t value) {
        EXPECT_EQ(value, i * i);
        taken.push_back(i);
      });
  EXPECT_EQ(calls, 100);
  ASSERT_EQ(taken.size(), 100U);
  for (std::size_t i = 0; i < taken.size(); ++i) EXPECT_EQ(taken[i], i);
}

}  // namespace
}  // namespace speechcoach::cli
