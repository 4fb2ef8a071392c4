#include "pronunciation/goodness.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace speechcoach::pronunciation {
namespace {

using PhoneRow = std::array<double, kPhoneCount>;

}  // namespace

// Where a stretch of other phones may begin and end within the paths of the sequence: by frame, what comes before its first frame
// and after its last one.
struct SequenceLikelihoods::Slot {
  std::vector<double> entry;
  std::vector<double> entry_from_blank;  // without stepping straight from the phone on the left
  std::vector<double> exit;
  std::vector<double> exit_to_blank;
  std::optional<Phone> left;
  std::optional<Phone> right;

  // A phone beside its like needs a blank between.
  const std::vector<double>& entry_of(Phone phone) const { return left == phone ? entry_from_blank : entry; }
  const std::vector<double>& exit_of(Phone phone) const { return right == phone ? exit_to_blank : exit; }
};

SequenceLikelihoods::SequenceLikelihoods(const Posteriors& posteriors, std::vector<Phone> phones)
    : posteriors_(posteriors),
      phones_(std::move(phones)),
      log_best_(posteriors.frames),
      shares_(posteriors.frames),
      forward_(Forward(posteriors, phones_)),
      backward_(Backward(posteriors, phones_)) {
  for (std::size_t t = 0; t < posteriors.frames; ++t) {
    const auto frame = posteriors.frame(t).subspan<1>();
    log_best_[t] = std::ranges::max(frame);
    for (std::size_t q = 0; q < kPhoneCount; ++q) shares_[t][q] = std::exp(frame[q] - log_best_[t]);
  }
  if (posteriors.frames > 0) {
    log_likelihood_ = LogLikelihood(forward_, posteriors.frames);
  } else {
    log_likelihood_ = phones_.empty() ? 0.0 : kImpossible;
  }
}

SequenceLikelihoods::Slot SequenceLikelihoods::SlotOf(std::size_t begin, std::size_t end) const {
  const std::size_t frames = posteriors_.frames;
  Slot slot;
  slot.entry.assign(frames, kImpossible);
  slot.entry_from_blank.assign(frames, kImpossible);
  slot.exit.assign(frames, kImpossible);
  slot.exit_to_blank.assign(frames, kImpossible);
  if (begin > 0) slot.left = phones_[begin - 1];
  if (end < phones_.size()) slot.right = phones_[end];
  if (begin == 0) slot.entry[0] = slot.entry_from_blank[0] = 0.0;
  if (end == phones_.size()) slot.exit[frames - 1] = slot.exit_to_blank[frames - 1] = 0.0;
  for (std::size_t t = 1; t < frames; ++t) {
    slot.entry[t] = slot.entry_from_blank[t] = forward_.at(t - 1, 2 * begin);
    if (slot.left) slot.entry[t] = LogAdd(slot.entry[t], forward_.at(t - 1, 2 * begin - 1));
    slot.exit[t - 1] = slot.exit_to_blank[t - 1] = backward_.at(t, 2 * end);
    if (slot.right) slot.exit[t - 1] = LogAdd(slot.exit[t - 1], backward_.at(t, 2 * end + 1));
  }
  return slot;
}

// Every path of the shorter sequence enters what follows the gap exactly once.
double SequenceLikelihoods::WithoutRange(std::size_t begin, std::size_t end) const {
  const std::size_t frames = posteriors_.frames;
  if (end == phones_.size()) {
    const double in_blank = forward_.at(frames - 1, 2 * begin);
    return begin > 0 ? LogAdd(in_blank, forward_.at(frames - 1, 2 * begin - 1)) : in_blank;
  }
  const bool may_touch = begin > 0 && phones_[begin - 1] != phones_[end];
  double total = begin > 0 ? kImpossible : backward_.at(0, 2 * end + 1);
  for (std::size_t t = 1; t < frames; ++t) {
    double before = forward_.at(t - 1, 2 * begin);
    if (may_touch) before = LogAdd(before, forward_.at(t - 1, 2 * begin - 1));
    total = LogAdd(total, before + backward_.at(t, 2 * end + 1));
  }
  return total;
}

double SequenceLikelihoods::LogRatio(std::size_t begin, std::size_t end, std::span<const Phone> others) const {
  if (log_likelihood_ == kImpossible || posteriors_.frames == 0) return 0.0;
  if (others.empty()) return (begin == end ? log_likelihood_ : WithoutRange(begin, end)) - log_likelihood_;
  const Slot slot = SlotOf(begin, end);
  const std::vector<double>& entry = slot.entry_of(others.front());
  const std::vector<double>& exit = slot.exit_of(others.back());
  // States: the phones, a blank between each two.
  const std::size_t states = 2 * others.size() - 1;
  std::vector<double> inside(states, kImpossible);
  double total = kImpossible;
  for (std::size_t t = 0; t < posteriors_.frames; ++t) {
    const auto frame = posteriors_.frame(t);
    for (std::size_t s = states; s-- > 0;) {
      double sum = inside[s];
      if (s == 0) {
        sum = LogAdd(sum, entry[t]);
      } else {
        sum = LogAdd(sum, inside[s - 1]);
        if (s % 2 == 0 && others[s / 2] != others[s / 2 - 1]) sum = LogAdd(sum, inside[s - 2]);
      }
      inside[s] = sum + frame[s % 2 == 0 ? others[s / 2] + 1u : static_cast<std::size_t>(kBlank)];
    }
    total = LogAdd(total, inside[states - 1] + exit[t]);
  }
  return total - log_likelihood_;
}

// One stretch of one phone in the slot, for all phones together: the recurrence runs on probabilities that share one scale a frame, so that
// it is a few multiplications of short vectors.
std::array<double, kPhoneCount> SequenceLikelihoods::RatiosOfEach(const Slot& slot) const {
  constexpr double kTooSmall = 1e-100;
  PhoneRow inside{};
  double inside_scale = kImpossible;
  PhoneRow total{};
  double total_scale = kImpossible;
  for (std::size_t t = 0; t < posteriors_.frames; ++t) {
    const double scale = std::max(inside_scale, slot.entry[t]);
    if (scale == kImpossible) continue;
    const double keep = std::exp(inside_scale - scale);
    const double enter = std::exp(slot.entry[t] - scale);
    for (std::size_t q = 0; q < kPhoneCount; ++q) inside[q] = (inside[q] * keep + enter) * shares_[t][q];
    inside_scale = scale + log_best_[t];
    if (const double highest = std::ranges::max(inside); highest < kTooSmall) {
      if (highest == 0.0) {
        inside_scale = kImpossible;
        continue;
      }
      for (double& value : inside) value /= highest;
      inside_scale += std::log(highest);
    }
    if (slot.exit[t] == kImpossible) continue;
    const double leaving = inside_scale + slot.exit[t];
    const double new_scale = std::max(total_scale, leaving);
    const double old_share = std::exp(total_scale - new_scale);
    const double new_share = std::exp(leaving - new_scale);
    for (std::size_t q = 0; q < kPhoneCount; ++q) total[q] = total[q] * old_share + inside[q] * new_share;
    total_scale = new_scale;
  }
  PhoneRow ratios{};
  for (std::size_t q = 0; q < kPhoneCount; ++q)
    ratios[q] = (total[q] > 0.0 ? std::log(total[q]) + total_scale : kImpossible) - log_likelihood_;
  return ratios;
}

Goodness SequenceLikelihoods::MeasureGoodness() const {
  Goodness goodness;
  goodness.substituted.resize(phones_.size());
  goodness.deleted.resize(phones_.size());
  goodness.inserted.resize(phones_.size() + 1);
  if (log_likelihood_ == kImpossible || posteriors_.frames == 0) return goodness;
  const auto ratios_of = [&](std::size_t begin, std::size_t end) {
    const Slot slot = SlotOf(begin, end);
    PhoneRow ratios = RatiosOfEach(slot);
    for (const std::optional<Phone>& neighbour : {slot.left, slot.right}) {
      if (neighbour) ratios[*neighbour] = LogRatio(begin, end, std::span(&*neighbour, 1));
    }
    return ratios;
  };
  for (std::size_t i = 0; i < phones_.size(); ++i) {
    goodness.substituted[i] = ratios_of(i, i + 1);
    goodness.substituted[i][phones_[i]] = 0.0;
    goodness.deleted[i] = WithoutRange(i, i + 1) - log_likelihood_;
  }
  for (std::size_t i = 0; i <= phones_.size(); ++i) goodness.inserted[i] = ratios_of(i, i);
  return goodness;
}

}  // namespace speechcoach::pronunciation
