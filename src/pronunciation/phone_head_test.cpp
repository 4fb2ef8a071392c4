#include "pronunciation/phone_head.h"

#include <cmath>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace speechcoach::pronunciation {
namespace {

constexpr std::size_t kInputs = 48;
constexpr std::size_t kHidden = 64;

std::mt19937 generator(7);

Tensor<float> Random(std::vector<std::size_t> shape) {
  std::normal_distribution<float> normal(0.0F, 0.3F);
  std::size_t count = 1;
  for (const std::size_t size : shape) count *= size;
  Tensor<float> tensor{std::move(shape), std::vector<float>(count)};
  for (float& value : tensor.values) value = normal(generator);
  return tensor;
}

void AddNetwork(TensorFile& file, const std::string& prefix, std::size_t width) {
  file.Set(prefix + "ln.weight", Random({kInputs}));
  file.Set(prefix + "ln.bias", Random({kInputs}));
  file.Set(prefix + "p.weight", Random({kHidden, kInputs}));
  file.Set(prefix + "p.bias", Random({kHidden}));
  for (const char* name : {"c1", "c2"}) {
    file.Set(prefix + name + ".weight", Random({kHidden, kHidden, width}));
    file.Set(prefix + name + ".bias", Random({kHidden}));
  }
  file.Set(prefix + "o.weight", Random({kClassCount, kHidden}));
  file.Set(prefix + "o.bias", Random({kClassCount}));
}

model::EncoderFeatures AnyFeatures(std::size_t frames) {
  model::EncoderFeatures features;
  features.frames = frames;
  features.dim = kInputs;
  features.values = Random({frames, kInputs}).values;
  return features;
}

double GeluOf(double x) { return 0.5 * x * (1.0 + std::erf(x / std::sqrt(2.0))); }

using Rows = std::vector<std::vector<double>>;

// The definition, sum by sum.
Rows Convolved(const TensorFile& file, const std::string& name, const Rows& x) {
  const Tensor<float>& weight = **file.floats(name + ".weight");
  const Tensor<float>& bias = **file.floats(name + ".bias");
  const std::size_t inputs = weight.shape[1];
  const std::size_t width = weight.shape.size() == 3 ? weight.shape[2] : 1;
  Rows out(x.size(), std::vector<double>(weight.shape[0]));
  for (std::size_t t = 0; t < x.size(); ++t) {
    for (std::size_t n = 0; n < weight.shape[0]; ++n) {
      double sum = bias.values[n];
      for (std::size_t tap = 0; tap < width; ++tap) {
        const auto from = static_cast<std::ptrdiff_t>(t + tap) - static_cast<std::ptrdiff_t>(width / 2);
        if (from < 0 || from >= static_cast<std::ptrdiff_t>(x.size())) continue;
        for (std::size_t k = 0; k < inputs; ++k)
          sum += x[static_cast<std::size_t>(from)][k] * weight.values[(n * inputs + k) * width + tap];
      }
      out[t][n] = sum;
    }
  }
  return out;
}

Rows Expected(const TensorFile& file, const std::string& prefix, const model::EncoderFeatures& features) {
  Rows x(features.frames, std::vector<double>(kInputs));
  for (std::size_t t = 0; t < features.frames; ++t) {
    double mean = 0.0;
    double variance = 0.0;
    for (const float value : features.frame(t)) mean += value / static_cast<double>(kInputs);
    for (const float value : features.frame(t)) variance += (value - mean) * (value - mean) / static_cast<double>(kInputs);
    for (std::size_t d = 0; d < kInputs; ++d) {
      x[t][d] = (features.frame(t)[d] - mean) / std::sqrt(variance + 1e-5) * (*file.floats(prefix + "ln.weight"))->values[d] +
                (*file.floats(prefix + "ln.bias"))->values[d];
    }
  }
  x = Convolved(file, prefix + "p", x);
  for (auto& row : x) {
    for (double& value : row) value = GeluOf(value);
  }
  for (const char* name : {"c1", "c2"}) {
    const Rows y = Convolved(file, prefix + name, x);
    for (std::size_t t = 0; t < x.size(); ++t) {
      for (std::size_t k = 0; k < kHidden; ++k) x[t][k] += GeluOf(y[t][k]);
    }
  }
  x = Convolved(file, prefix + "o", x);
  for (auto& row : x) {
    double sum = 0.0;
    for (const double value : row) sum += std::exp(value);
    for (double& value : row) value -= std::log(sum);
  }
  return x;
}

TEST(PhoneHead, EqualsItsDefinition) {
  for (const std::size_t width : {1U, 5U}) {
    TensorFile file;
    AddNetwork(file, "", width);
    const auto head = PhoneHead::Load(file);
    ASSERT_TRUE(head.ok()) << head.error().message;
    for (const std::size_t frames : {1U, 2U, 7U, 40U}) {
      const model::EncoderFeatures features = AnyFeatures(frames);
      const Posteriors posteriors = (*head)(features);
      const Rows expected = Expected(file, "", features);
      ASSERT_EQ(posteriors.frames, frames);
      for (std::size_t t = 0; t < frames; ++t) {
        for (std::size_t k = 0; k < kClassCount; ++k)
          EXPECT_NEAR(posteriors.frame(t)[k], expected[t][k], 1e-4) << width << " " << t << " " << k;
      }
    }
  }
}

TEST(PhoneHead, AveragesTheProbabilitiesOfSeveralNetworks) {
  TensorFile file;
  AddNetwork(file, "h0.", 3);
  AddNetwork(file, "h1.", 3);
  const auto head = PhoneHead::Load(file);
  ASSERT_TRUE(head.ok()) << head.error().message;
  const model::EncoderFeatures features = AnyFeatures(9);
  const Posteriors posteriors = (*head)(features);
  const Rows first = Expected(file, "h0.", features);
  const Rows second = Expected(file, "h1.", features);
  for (std::size_t t = 0; t < 9; ++t) {
    for (std::size_t k = 0; k < kClassCount; ++k) {
      EXPECT_NEAR(std::exp(posteriors.frame(t)[k]), (std::exp(first[t][k]) + std::exp(second[t][k])) / 2, 1e-4);
    }
  }
}

TEST(PhoneHead, RefusesLayersThatDoNotFit) {
  TensorFile file;
  EXPECT_FALSE(PhoneHead::Load(file).ok());
  AddNetwork(file, "", 5);
  file.Set("c2.weight", Random({kHidden, kHidden / 2, 5}));
  EXPECT_FALSE(PhoneHead::Load(file).ok());
  file.Set("c2.weight", Random({kHidden, kHidden, 4}));
  EXPECT_FALSE(PhoneHead::Load(file).ok());
}

}  // namespace
}  // namespace speechcoach::pronunciation
