#include "analytics/rating_agreement.h"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace speechcoach::analytics {
namespace {

using model::RatedReading;

RatedReading Reading(std::int64_t learner, double given, const std::vector<double>& rated) {
  RatedReading reading{"x", learner, model::SentenceRatings{given, given, given, given}, {}};
  std::int64_t rater = 100;
  for (const double points : rated) reading.human.push_back({rater++, {points, points, points, points}, 0});
  return reading;
}

TEST(RatingAgreement, EqualsItsDefinition) {
  const std::vector<RatedReading> readings{Reading(1, 2, {1, 3}), Reading(1, 4, {5, 7}), Reading(2, 9, {8, 8}),
                                           Reading(2, 1, {10})};
  const auto agreement = Agreements(readings).front();
  EXPECT_EQ(agreement.rating, "accuracy");
  EXPECT_EQ(agreement.recordings, 3U) << "one person alone is nobody to agree with";
  // By hand: 2 4 9 with 2 6 8: means 5 and 16/3, sums of squares 26 and 18.667, of products 20.
  EXPECT_NEAR(*agreement.with_scores, 20.0 / std::sqrt(26.0 * (56.0 / 3.0)), 1e-12);
  EXPECT_NEAR(*agreement.mean_difference, 1.0, 1e-12);
  // 1-3, 3-1, 5-7, 7-5, 8-8, 8-8: mean 32/6, squares 212 - 6 (32/6)^2, products 204 - 6 (32/6)^2.
  const double taken = 6.0 * (32.0 / 6.0) * (32.0 / 6.0);
  EXPECT_NEAR(*agreement.between_raters, (204.0 - taken) / (212.0 - taken), 1e-12);
}

TEST(RatingAgreement, OfNothingNothingIsSaid) {
  for (const RatingAgreement& agreement : Agreements({}))
    EXPECT_FALSE(agreement.with_scores || agreement.mean_difference || agreement.between_raters);
  std::vector<RatedReading> unheard{Reading(1, 2, {1, 3})};
  unheard[0].given.reset();
  EXPECT_EQ(Agreements(unheard)[0].recordings, 0U);
}

// People who hear what the program says, through a line of their own and a slip of the pen.
std::vector<RatedReading> People(int readings, double shift, double slope, double slip) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> given(2.0, 9.0);
  std::normal_distribution<double> slips(0.0, 1.0);
  std::vector<RatedReading> all;
  for (int i = 0; i < readings; ++i) {
    const double x = given(random);
    const double y = shift + slope * x;
    all.push_back(Reading(i % 20, x, {y + slip * slips(random), y + slip * slips(random)}));
  }
  return all;
}

TEST(CalibrationFit, FindsWherePeopleDiffer) {
  const CalibrationFit fit = FitCalibration(People(400, -1.0, 1.1, 0.5), 30);
  EXPECT_EQ(fit.recordings, 400U);
  EXPECT_EQ(fit.learners, 20U);
  ASSERT_EQ(fit.lines.size(), 3U);
  for (const FittedLine& line : fit.lines) {
    EXPECT_TRUE(line.is_better);
    EXPECT_NEAR(line.line.slope, 1.1, 0.05);
    EXPECT_NEAR(line.line.shift + line.line.slope * 5.5, -1.0 + 1.1 * 5.5, 0.1);
    EXPECT_LT(line.error_after, 0.5 * line.error_before);
  }
  EXPECT_EQ(fit.calibration.prosodic.slope, fit.lines[2].line.slope);
}

TEST(CalibrationFit, LittleMovesLittle) {
  const CalibrationFit few = FitCalibration(People(10, -2.0, 1.0, 0.0), 5);
  ASSERT_EQ(few.lines.size(), 3U);
  const double moved = 5.5 - (few.lines[0].line.shift + few.lines[0].line.slope * 5.5);
  EXPECT_GT(moved, 0.3);
  EXPECT_LT(moved, 1.0) << "ten readings against twenty that are taken for granted";
}

TEST(CalibrationFit, NothingChangesWithoutAReason) {
  EXPECT_TRUE(FitCalibration(People(29, -2.0, 1.0, 0.0), 30).lines.empty()) << "too few";
  std::vector<RatedReading> alone = People(100, -2.0, 1.0, 0.0);
  for (RatedReading& reading : alone) reading.user_id = 1 + reading.user_id % 4;
  EXPECT_TRUE(FitCalibration(alone, 30).lines.empty()) << "four voices are not a school";
  for (const FittedLine& line : FitCalibration(People(40, 0.0, 1.0, 0.0), 30).lines) {
    EXPECT_FALSE(line.is_better) << "nobody differs";
    EXPECT_EQ(line.line.slope, 1.0);
    EXPECT_EQ(line.line.shift, 0.0);
  }
}

}  // namespace
}  // namespace speechcoach::analytics
