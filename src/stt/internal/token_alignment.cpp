#include "stt/internal/token_alignment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace speechcoach::stt {
namespace {

constexpr std::size_t kMedianWidth = 7;  // frames

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

// How much each token, against the others, looks at each frame: standard scores over the tokens, smoothed in time, mean of the heads.
Matrix Affinity(const AttentionView& attention, std::size_t frames, std::size_t first_token) {
  Matrix affinity(attention.tokens - first_token, frames);
  Matrix scores(attention.tokens, frames);
  std::vector<float> row(frames);
  for (std::size_t head = 0; head < attention.heads; ++head) {
    for (std::size_t frame = 0; frame < frames; ++frame) {
      const auto column = attention.weights.subspan((head * attention.frames + frame) * attention.tokens, attention.tokens);
      double sum = 0.0;
      double squares = 0.0;
      for (const float weight : column) {
        sum += weight;
        squares += static_cast<double>(weight) * weight;
      }
      const auto count = static_cast<double>(column.size());
      const double mean = sum / count;
      const double deviation = std::sqrt(std::max(squares / count - mean * mean, 1e-18));
      for (std::size_t token = 0; token < attention.tokens; ++token) scores.at(token, frame) = static_cast<float>((column[token] - mean) / deviation);
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

enum class Step : std::uint8_t { kBoth, kToken, kFrame };

}  // namespace

std::vector<std::size_t> AlignTokens(const AttentionView& attention, std::size_t used_frames, std::size_t first_token) {
  const std::size_t frames = std::min(used_frames, attention.frames);
  if (frames == 0 || attention.heads == 0 || attention.tokens <= first_token) return {};
  const Matrix affinity = Affinity(attention, frames, first_token);
  const std::size_t tokens = affinity.rows();

  Matrix cost(tokens + 1, frames + 1);
  for (std::size_t t = 0; t <= tokens; ++t) cost.at(t, 0) = std::numeric_limits<float>::infinity();
  for (std::size_t f = 0; f <= frames; ++f) cost.at(0, f) = std::numeric_limits<float>::infinity();
  cost.at(0, 0) = 0.0F;
  std::vector<Step> steps((tokens + 1) * (frames + 1), Step::kFrame);
  for (std::size_t f = 1; f <= frames; ++f) {
    for (std::size_t t = 1; t <= tokens; ++t) {
      float best = cost.at(t, f - 1);
      Step step = Step::kFrame;
      if (cost.at(t - 1, f) < best) {
        best = cost.at(t - 1, f);
        step = Step::kToken;
      }
      if (cost.at(t - 1, f - 1) < best) {
        best = cost.at(t - 1, f - 1);
        step = Step::kBoth;
      }
      cost.at(t, f) = best - affinity.at(t - 1, f - 1);
      steps[t * (frames + 1) + f] = step;
    }
  }

  std::vector<std::size_t> starts(tokens, 0);
  std::size_t t = tokens;
  std::size_t f = frames;
  while (t > 0 && f > 0) {
    starts[t - 1] = f - 1;
    const Step step = steps[t * (frames + 1) + f];
    if (step != Step::kFrame) --t;
    if (step != Step::kToken) --f;
  }
  starts.front() = 0;
  return starts;
}

}  // namespace speechcoach::stt
