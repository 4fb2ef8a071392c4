#include "stt/internal/token_alignment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "model/encoder_features.h"

namespace speechcoach::stt {
namespace {

constexpr std::size_t kMedianWidth = 7;  // frames

// A token's usual length, and what it costs to last otherwise, in the affinity of the attention; what is longer than the longest costs no more than
// that, for there are pauses. Chosen on synthetic speech and on learners' (docs/stt.md).
constexpr double kUsualS = 0.06;
constexpr double kUsualSALetter = 0.065;
constexpr double kShortCost = 14.0;  // times the square of the logarithm of usual / actual
constexpr double kLongCost = 7.0;
constexpr std::size_t kLongestFrames = 150;
constexpr double kNoTimeFrames = 0.25;  // as if it were so long, so that a text without room for its tokens has times too

// [token][frame]
class Matrix {
 public:
  Matrix(std::size_t rows, std::size_t columns) : columns_(columns), values_(rows * columns) {}
  float& at(std::size_t row, std::size_t column) { return values_[row * columns_ + column]; }
  float at(std::size_t row, std::size_t column) const { return values_[row * columns_ + column]; }
  std::size_t columns() const { return columns_; }
  std::size_t rows() const { return columns_ == 0 ? 0 : values_.size() / columns_; }

 private:
  std::size_t columns_;
  std::vector<float> values_;
};

float MedianAround(const std::vector<float>& values, std::size_t centre) {
  constexpr auto kHalf = static_cast<std::ptrdiff_t>(kMedianWidth / 2);
  const auto last = static_cast<std::ptrdiff_t>(values.size()) - 1;
  std::array<float, kMedianWidth> window;
  for (std::ptrdiff_t offset = -kHalf; offset <= kHalf; ++offset) {
    const auto index = std::clamp(static_cast<std::ptrdiff_t>(centre) + offset, std::ptrdiff_t{0}, last);
    window[static_cast<std::size_t>(offset + kHalf)] = values[static_cast<std::size_t>(index)];
  }
  std::nth_element(window.begin(), window.begin() + kHalf, window.end());
  return window[kMedianWidth / 2];
}

// How much each token, against the others, looks at each frame: its share of attention to speech as a standard score over the tokens, smoothed in
// time, mean of the heads.
Matrix Affinity(const AttentionView& attention, std::size_t frames, std::size_t first_token) {
  Matrix affinity(attention.tokens - first_token, frames);
  Matrix scores(attention.tokens, frames);
  std::vector<float> row(frames);
  std::vector<double> attended(attention.tokens);
  std::vector<double> column(attention.tokens);
  for (std::size_t head = 0; head < attention.heads; ++head) {
    const auto weights_at = [&](std::size_t frame) {
      return attention.weights.subspan((head * attention.frames + frame) * attention.tokens, attention.tokens);
    };
    std::ranges::fill(attended, 1e-9);
    for (std::size_t frame = 0; frame < frames; ++frame)
      std::ranges::transform(attended, weights_at(frame), attended.begin(), std::plus<>());
    for (std::size_t frame = 0; frame < frames; ++frame) {
      std::ranges::transform(weights_at(frame), attended, column.begin(), std::divides<>());
      double sum = 0.0;
      double squares = 0.0;
      for (const double weight : column) {
        sum += weight;
        squares += weight * weight;
      }
      const auto count = static_cast<double>(column.size());
      const double mean = sum / count;
      const double deviation = std::sqrt(std::max(squares / count - mean * mean, 1e-18));
      for (std::size_t token = 0; token < attention.tokens; ++token)
        scores.at(token, frame) = static_cast<float>((column[token] - mean) / deviation);
    }
    for (std::size_t token = first_token; token < attention.tokens; ++token) {
      for (std::size_t frame = 0; frame < frames; ++frame) row[frame] = scores.at(token, frame);
      for (std::size_t frame = 0; frame < frames; ++frame) {
        affinity.at(token - first_token, frame) += MedianAround(row, frame) / static_cast<float>(attention.heads);
      }
    }
  }
  return affinity;
}

// What a token with so many letters costs that takes 0 to kLongestFrames frames.
std::array<double, kLongestFrames + 1> DurationCosts(int letters) {
  std::array<double, kLongestFrames + 1> costs{};
  const double usual_frames = (kUsualS + kUsualSALetter * letters) / model::kEncoderFrameS;
  for (std::size_t frames = letters == 0 ? 1 : 0; frames < costs.size(); ++frames) {
    const double stretch = std::log(std::max(static_cast<double>(frames), kNoTimeFrames) / usual_frames);
    costs[frames] = (stretch < 0.0 ? kShortCost : kLongCost) * stretch * stretch;
  }
  return costs;
}

}  // namespace

std::vector<std::size_t> AlignTokens(const AttentionView& attention, std::size_t used_frames, std::size_t first_token,
                                     std::span<const int> letters) {
  const std::size_t frames = std::min(used_frames, attention.frames);
  if (frames == 0 || attention.heads == 0 || attention.tokens <= first_token ||
      letters.size() + first_token + 1 != attention.tokens)
    return {};
  const Matrix affinity = Affinity(attention, frames, first_token);
  const std::size_t tokens = affinity.rows();

  // worth[f]: of the best cut of the tokens so far into the first f frames.
  constexpr double kImpossible = -std::numeric_limits<double>::infinity();
  std::vector<double> worth(frames + 1, kImpossible);
  worth[0] = 0.0;
  std::vector<std::vector<std::size_t>> begins(tokens,
                                               std::vector<std::size_t>(frames + 1, 0));  // of the token that ends at each frame
  std::vector<double> looked(frames + 1, 0.0);                                            // up to each frame
  std::vector<double> before(frames + 1);
  for (std::size_t t = 0; t < tokens; ++t) {
    for (std::size_t f = 0; f < frames; ++f) looked[f + 1] = looked[f] + affinity.at(t, f);
    std::ranges::transform(worth, looked, before.begin(), std::minus<>());
    if (t + 1 == tokens) break;
    const auto costs = DurationCosts(letters[t]);
    std::size_t long_ago = 0;  // the best begin of those that are longer ago than kLongestFrames
    for (std::size_t f = 0; f <= frames; ++f) {
      double best = kImpossible;
      for (std::size_t length = 0; length <= std::min(f, kLongestFrames); ++length) {
        const double candidate = before[f - length] - costs[length];
        if (candidate > best) {
          best = candidate;
          begins[t][f] = f - length;
        }
      }
      if (f > kLongestFrames) {
        if (before[f - kLongestFrames - 1] > before[long_ago]) long_ago = f - kLongestFrames - 1;
        if (before[long_ago] - costs[kLongestFrames] > best) {
          best = before[long_ago] - costs[kLongestFrames];
          begins[t][f] = long_ago;
        }
      }
      worth[f] = best + looked[f];
    }
  }

  std::vector<std::size_t> starts(tokens, 0);
  starts.back() = static_cast<std::size_t>(std::max_element(before.begin(), before.end() - 1) - before.begin());
  for (std::size_t t = tokens - 1; t > 0; --t) starts[t - 1] = begins[t - 1][starts[t]];
  return starts;
}

}  // namespace speechcoach::stt
