#include "pronunciation/phone_head.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "pronunciation/internal/dense.h"
#include "pronunciation/internal/matrix_product.h"

namespace speechcoach::pronunciation {
namespace {

// As rows of a matrix.
Rows Frames(const model::EncoderFeatures& features) {
  Rows rows;
  rows.count = features.frames;
  rows.width = features.dim;
  rows.values = features.values;
  return rows;
}

std::size_t Padded(std::size_t outputs) { return (outputs + kLane - 1) / kLane * kLane; }

}  // namespace

base::Result<PhoneHead::Layer> PhoneHead::LoadLayer(const TensorFile& file, const std::string& name) {
  const auto weight = file.floats(name + ".weight");
  if (!weight.ok()) return weight.error();
  const auto bias = file.floats(name + ".bias");
  if (!bias.ok()) return bias.error();
  const std::vector<std::size_t>& shape = (*weight)->shape;
  const std::size_t width = shape.size() == 3 ? shape[2] : 1;
  if (shape.size() < 2 || shape.size() > 3 || width % 2 == 0 || (*bias)->values.size() != shape[0]) {
    return {base::ErrorCode::kModelUnavailable, fmt::format("{} of the phone head has an unusable shape", name)};
  }
  Layer layer;
  if (file.has(name + ".dilation")) {
    const auto dilation = file.integers(name + ".dilation");
    if (!dilation.ok()) return dilation.error();
    layer.dilation = static_cast<std::size_t>(std::max((*dilation)->values.at(0), 1));
  }
  const std::size_t outputs = shape[0];
  const std::size_t inputs = shape[1];
  const std::size_t padded = Padded(outputs);
  layer.bias.assign(padded, 0.0f);
  std::ranges::copy((*bias)->values, layer.bias.begin());
  for (std::size_t tap = 0; tap < width; ++tap) {
    Dense dense{inputs, outputs, std::vector<float>(inputs * padded, 0.0f)};
    for (std::size_t n = 0; n < outputs; ++n) {
      for (std::size_t k = 0; k < inputs; ++k) dense.weights[k * padded + n] = (*weight)->values[(n * inputs + k) * width + tap];
    }
    layer.taps.push_back(std::move(dense));
  }
  return layer;
}

base::Result<PhoneHead::Network> PhoneHead::LoadNetwork(const TensorFile& file, const std::string& prefix) {
  Network network;
  auto norm = LayerNorm::Load(file, prefix + "ln");
  if (!norm.ok()) return norm.error();
  network.norm = std::move(*norm);
  auto input = LoadLayer(file, prefix + "p");
  if (!input.ok()) return input.error();
  network.input = std::move(*input);
  for (int number = 1; file.has(fmt::format("{}c{}.weight", prefix, number)); ++number) {
    auto convolution = LoadLayer(file, fmt::format("{}c{}", prefix, number));
    if (!convolution.ok()) return convolution.error();
    network.convolutions.push_back(std::move(*convolution));
  }
  auto output = LoadLayer(file, prefix + "o");
  if (!output.ok()) return output.error();
  network.output = std::move(*output);
  network.input_dim = network.norm.width();

  const std::size_t hidden = network.input.taps[0].outputs;
  bool fits = network.input.taps[0].inputs == network.input_dim && hidden % kLane == 0 && network.output.taps.size() == 1 &&
              network.output.taps[0].inputs == hidden && network.output.taps[0].outputs == kClassCount;
  for (const Layer& layer : network.convolutions)
    fits = fits && layer.taps[0].inputs == hidden && layer.taps[0].outputs == hidden;
  if (!fits) return {base::ErrorCode::kModelUnavailable, "the layers of the phone head do not fit together"};
  return network;
}

base::Result<PhoneHead> PhoneHead::Load(const TensorFile& file) {
  PhoneHead head;
  if (file.has("ln.weight")) {
    auto network = LoadNetwork(file, "");
    if (!network.ok()) return network.error();
    head.networks_.push_back(std::move(*network));
  }
  for (int number = 0; file.has(fmt::format("h{}.ln.weight", number)); ++number) {
    auto network = LoadNetwork(file, fmt::format("h{}.", number));
    if (!network.ok()) return network.error();
    head.networks_.push_back(std::move(*network));
  }
  if (head.networks_.empty()) return {base::ErrorCode::kModelUnavailable, "the file holds no phone head"};
  return head;
}

std::vector<float> PhoneHead::Apply(const Layer& layer, std::span<const float> input, std::size_t frames) {
  const std::size_t inputs = layer.taps[0].inputs;
  const std::size_t outputs = layer.bias.size();
  std::vector<float> out(frames * outputs);
  for (std::size_t t = 0; t < frames; ++t) std::ranges::copy(layer.bias, out.begin() + static_cast<std::ptrdiff_t>(t * outputs));
  const auto reach = static_cast<std::ptrdiff_t>(layer.taps.size() / 2);
  for (std::ptrdiff_t tap = -reach; tap <= reach; ++tap) {
    // Frame t hears frame t + shift; beyond the ends there are zeros.
    const std::ptrdiff_t shift = tap * static_cast<std::ptrdiff_t>(layer.dilation);
    const auto distance = static_cast<std::size_t>(std::abs(shift));
    if (distance >= frames) continue;
    const std::size_t from = shift > 0 ? distance : 0;
    const std::size_t to = shift < 0 ? distance : 0;
    AddMatrixProduct(input.data() + from * inputs, frames - distance, inputs,
                     layer.taps[static_cast<std::size_t>(tap + reach)].weights.data(), outputs, out.data() + to * outputs);
  }
  return out;
}

std::vector<float> PhoneHead::Run(const Network& network, const model::EncoderFeatures& features) {
  std::vector<float> x = Apply(network.input, network.norm(Frames(features)).values, features.frames);
  for (float& value : x) value = Gelu(value);
  for (const Layer& convolution : network.convolutions) {
    const std::vector<float> y = Apply(convolution, x, features.frames);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += Gelu(y[i]);
  }
  const std::vector<float> scores = Apply(network.output, x, features.frames);
  const std::size_t stride = network.output.bias.size();
  std::vector<float> log_probability(features.frames * kClassCount);
  for (std::size_t t = 0; t < features.frames; ++t) {
    const std::span<const float> row = std::span(scores).subspan(t * stride, kClassCount);
    const float highest = std::ranges::max(row);
    float sum = 0.0f;
    for (const float score : row) sum += std::exp(score - highest);
    const float log_sum = highest + std::log(sum);
    for (std::size_t k = 0; k < kClassCount; ++k) log_probability[t * kClassCount + k] = row[k] - log_sum;
  }
  return log_probability;
}

Posteriors PhoneHead::operator()(const model::EncoderFeatures& features) const {
  Posteriors posteriors{features.frames, Run(networks_.front(), features)};
  if (networks_.size() == 1) return posteriors;
  for (float& value : posteriors.log_probability) value = std::exp(value);
  for (std::size_t i = 1; i < networks_.size(); ++i) {
    const std::vector<float> other = Run(networks_[i], features);
    for (std::size_t k = 0; k < other.size(); ++k) posteriors.log_probability[k] += std::exp(other[k]);
  }
  const auto count = static_cast<float>(networks_.size());
  for (float& value : posteriors.log_probability) value = std::log(std::max(value / count, 1e-38f));
  return posteriors;
}

}  // namespace speechcoach::pronunciation
