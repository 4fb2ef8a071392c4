#include "pronunciation/goodness.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "pronunciation/test_posteriors.h"

namespace speechcoach::pronunciation {
namespace {

// The textbook recurrence on plain probabilities, for sequences of any phones: what the fast one is held against.
double LogLikelihoodOf(const Posteriors& posteriors, const std::vector<Phone>& phones) {
  std::vector<std::size_t> states{kBlank};
  for (const Phone phone : phones) states.insert(states.end(), {phone + 1u, static_cast<std::size_t>(kBlank)});
  std::vector<long double> forward(states.size(), 0.0L);
  for (std::size_t t = 0; t < posteriors.frames; ++t) {
    std::vector<long double> next(states.size(), 0.0L);
    for (std::size_t s = 0; s < states.size(); ++s) {
      long double sum = 0.0L;
      if (t == 0) {
        sum = s < 2 ? 1.0L : 0.0L;
      } else {
        sum = forward[s];
        if (s >= 1) sum += forward[s - 1];
        if (s >= 2 && states[s] != kBlank && states[s] != states[s - 2]) sum += forward[s - 2];
      }
      next[s] = sum * std::exp(static_cast<long double>(posteriors.frame(t)[states[s]]));
    }
    forward = std::move(next);
  }
  const long double total = forward.back() + (forward.size() > 1 ? forward[forward.size() - 2] : 0.0L);
  return static_cast<double>(std::log(total));
}

struct Case {
  Posteriors posteriors;
  std::vector<Phone> phones;
};

Case AnyCase() {
  Case c;
  // Few phones, so that neighbours are often alike.
  const auto phone = rc::gen::cast<Phone>(rc::gen::inRange(0, 4));
  c.phones = *rc::gen::container<std::vector<Phone>>(phone);
  if (c.phones.empty()) c.phones.push_back(*phone);
  if (c.phones.size() > 8) c.phones.resize(8);
  const auto frames = *rc::gen::inRange<std::size_t>(2 * c.phones.size(), 2 * c.phones.size() + 12);
  std::vector<std::vector<double>> rows(frames);
  const double sharpness = *rc::gen::element(0.1, 1.0, 4.0);
  for (std::vector<double>& row : rows) {
    for (std::size_t k = 0; k < kClassCount; ++k) row.push_back(sharpness * (*rc::gen::inRange(-300, 300)) / 100.0);
  }
  c.posteriors = PosteriorsOf(rows);
  return c;
}

void ExpectNear(double value, double expected) {
  if (std::isinf(expected)) {
    RC_ASSERT(value == expected);
  } else {
    RC_ASSERT(std::abs(value - expected) < 1e-6 * std::max(1.0, std::abs(expected)));
  }
}

Goodness GoodnessOf(const Posteriors& posteriors, std::vector<Phone> phones) {
  return SequenceLikelihoods(posteriors, std::move(phones)).MeasureGoodness();
}

TEST(Goodness, AnyRangeCanBeReplacedByAnyPhones) {
  EXPECT_TRUE(rc::check([] {
    const Case c = AnyCase();
    const auto end = *rc::gen::inRange<std::size_t>(0, c.phones.size() + 1);
    const auto begin = *rc::gen::inRange<std::size_t>(0, end + 1);
    const auto others = *rc::gen::container<std::vector<Phone>>(rc::gen::cast<Phone>(rc::gen::inRange(0, 4)));
    std::vector<Phone> changed = c.phones;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(begin), changed.begin() + static_cast<std::ptrdiff_t>(end));
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(begin), others.begin(), others.end());
    ExpectNear(SequenceLikelihoods(c.posteriors, c.phones).LogRatio(begin, end, others),
               LogLikelihoodOf(c.posteriors, changed) - LogLikelihoodOf(c.posteriors, c.phones));
  }));
}

TEST(Goodness, EqualsTheLikelihoodRatioOfEveryChangedSequence) {
  EXPECT_TRUE(rc::check([] {
    const Case c = AnyCase();
    const SequenceLikelihoods likelihoods(c.posteriors, c.phones);
    const Goodness goodness = likelihoods.MeasureGoodness();
    const double log_likelihood = LogLikelihoodOf(c.posteriors, c.phones);
    ExpectNear(likelihoods.log_likelihood(), log_likelihood);
    for (std::size_t i = 0; i <= c.phones.size(); ++i) {
      for (Phone q = 0; q < kPhoneCount; ++q) {
        std::vector<Phone> more = c.phones;
        more.insert(more.begin() + static_cast<std::ptrdiff_t>(i), q);
        ExpectNear(goodness.inserted[i][q], LogLikelihoodOf(c.posteriors, more) - log_likelihood);
        if (i == c.phones.size()) continue;
        std::vector<Phone> other = c.phones;
        other[i] = q;
        ExpectNear(goodness.substituted[i][q], LogLikelihoodOf(c.posteriors, other) - log_likelihood);
      }
      if (i == c.phones.size()) continue;
      std::vector<Phone> fewer = c.phones;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      ExpectNear(goodness.deleted[i], LogLikelihoodOf(c.posteriors, fewer) - log_likelihood);
    }
  }));
}

TEST(Goodness, TellsWhatWasSaidInstead) {
  const Posteriors said = Saying({"-", "S", "S", "-", "IH", "-", "NG", "NG", "-"});
  const Goodness goodness = GoodnessOf(said, {P("TH"), P("IH"), P("NG")});
  EXPECT_EQ(std::ranges::max_element(goodness.substituted[0]) - goodness.substituted[0].begin(), P("S"));
  EXPECT_GT(goodness.substituted[0][P("S")], 5.0);
  EXPECT_LE(std::ranges::max(goodness.substituted[2]), 0.0);
}

TEST(Goodness, TellsAMissingAndAnAddedSound) {
  const Posteriors said = Saying({"-", "B", "-", "AH", "AH", "-", "G", "-", "-"});
  const Goodness with_s = GoodnessOf(said, {P("B"), P("AH"), P("G"), P("Z")});
  EXPECT_GT(with_s.deleted[3], 2.0);
  EXPECT_LT(with_s.deleted[1], 0.0);
  const Goodness without_g = GoodnessOf(said, {P("B"), P("AH")});
  EXPECT_GT(without_g.inserted[2][P("G")], 2.0);
  EXPECT_LT(without_g.inserted[0][P("G")], 2.0);
}

TEST(Goodness, ASequenceLongerThanTheRecordingIsImpossible) {
  const Posteriors short_one = Saying({"B", "AH"});
  const SequenceLikelihoods likelihoods(short_one, {P("B"), P("AH"), P("G")});
  EXPECT_EQ(likelihoods.log_likelihood(), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(likelihoods.MeasureGoodness().substituted.size(), 3U);
  EXPECT_EQ(likelihoods.LogRatio(0, 1, {}), 0.0);
  EXPECT_TRUE(GoodnessOf({}, {}).deleted.empty());
}

TEST(Goodness, StaysFiniteOnLongRecordingsThatSaySomethingElse) {
  std::vector<std::string_view> frames;
  for (int i = 0; i < 1500; ++i) frames.push_back(i % 3 == 0 ? "M" : "-");
  const std::vector<Phone> phones(60, P("IY"));
  const Posteriors said = Saying(frames, 0.999999);
  const SequenceLikelihoods likelihoods(said, phones);
  EXPECT_TRUE(std::isfinite(likelihoods.log_likelihood()));
  const Goodness goodness = likelihoods.MeasureGoodness();
  for (const auto& row : goodness.substituted) {
    for (const double value : row) EXPECT_FALSE(std::isnan(value));
  }
  EXPECT_GT(goodness.substituted[30][P("M")], 0.0);
}

}  // namespace
}  // namespace speechcoach::pronunciation
