// Encoder features -> how likely each phone is in each frame: a small convolutional network with connectionist temporal classification
// outputs (Graves et al. 2006), trained by tools/train.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/encoder_features.h"
#include "pronunciation/internal/dense.h"
#include "pronunciation/phone_set.h"
#include "pronunciation/tensor_file.h"

namespace speechcoach::pronunciation {

// Natural logarithms, [frames][kClassCount]; each row's probabilities sum to 1.
struct Posteriors {
  std::size_t frames = 0;
  std::vector<float> log_probability;

  std::span<const float, kClassCount> frame(std::size_t t) const {
    return std::span<const float, kClassCount>(log_probability.data() + t * kClassCount, kClassCount);
  }
};

// Layer norm, a projection, residual convolutions, an output layer. Immutable; thread-safe.
class PhoneHead {
 public:
  PhoneHead() = default;  // of no networks: only to be assigned to

  // From the tensors ln.*, p.*, c1.* ... , o.*, or several networks as h0.ln.* ...: their probabilities are averaged.
  // Errors: kModelUnavailable.
  static base::Result<PhoneHead> Load(const TensorFile& file);

  std::size_t input_dim() const { return networks_.front().input_dim; }

  // `features.dim` is input_dim().
  Posteriors operator()(const model::EncoderFeatures& features) const;

 private:
  struct Dense {  // the weights of one tap, transposed to [inputs][outputs padded to a multiple of kLane]
    std::size_t inputs = 0;
    std::size_t outputs = 0;
    std::vector<float> weights;
  };
  struct Layer {
    std::vector<Dense> taps;  // one for a plain projection
    std::vector<float> bias;
    std::size_t dilation = 1;
  };
  struct Network {
    std::size_t input_dim = 0;
    LayerNorm norm;
    Layer input;
    std::vector<Layer> convolutions;
    Layer output;
  };

  static base::Result<Layer> LoadLayer(const TensorFile& file, const std::string& name);
  static base::Result<Network> LoadNetwork(const TensorFile& file, const std::string& prefix);
  static std::vector<float> Apply(const Layer& layer, std::span<const float> input, std::size_t frames);
  static std::vector<float> Run(const Network& network, const model::EncoderFeatures& features);

  std::vector<Network> networks_;
};

}  // namespace speechcoach::pronunciation
