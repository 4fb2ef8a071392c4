// A small transformer over the phones of a recording that scores phones, words and the whole together, after GOPT (Gong et al.,
// "Transformer-Based Multi-Aspect Multi-Granularity Non-Native English Speaker Pronunciation Assessment", ICASSP 2022).
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "pronunciation/internal/dense.h"
#include "pronunciation/tensor_file.h"

namespace speechcoach::pronunciation {

// As raters would score, before blending and calibration.
struct NetScores {
  std::vector<double> phones;       // 0-2
  std::vector<double> words;        // 0-10
  std::array<double, 4> aspects{};  // accuracy, fluency, prosodic, total, 0-10
};

// One member or the mean of several (net0.*, net1.*, ...). Immutable; thread-safe.
class PhoneNet {
 public:
  // `phone_features` and `whole_features`: the features that there are. The file lists those that the net takes, in its metadata
  // net.phone_features and net.whole_features. Errors: kModelUnavailable.
  static base::Result<PhoneNet> Load(const TensorFile& file, std::span<const std::string> phone_features,
                                     std::span<const std::string> whole_features);

  // A row of features and of encoder output for each phone; words as [begin, end) of phones, none empty.
  NetScores operator()(const Rows& phones, const Rows& encodings, std::span<const float> whole,
                       std::span<const std::pair<std::size_t, std::size_t>> words) const;

 private:
  struct Block {
    LayerNorm n1, n2;
    Dense qkv, o, f1, f2;
    Tensor<float> distance;  // [heads, 2 kFar + 1]
  };
  struct TwoLayers {
    Dense first, second;
    float operator()(const Rows& x) const;  // of one row
    Rows All(const Rows& x) const;
  };
  struct Member {
    LayerNorm encoding_norm, norm;
    Dense encoding, input, word_attention, aspect_attention, whole;
    std::vector<Block> blocks;
    TwoLayers phone, word;
    std::array<TwoLayers, 4> aspects;
  };
  struct Standard {
    std::vector<std::size_t> columns;
    std::vector<float> mean, scale;
    void Apply(std::span<const float> from, float* to) const;
  };

  static base::Result<Member> LoadMember(const TensorFile& file, const std::string& prefix, std::size_t phone_inputs,
                                         std::size_t whole_inputs);
  static Rows Attend(const Block& block, const Rows& x);
  static void AddScores(const Member& member, const Rows& phones, const Rows& encodings, const Rows& whole,
                        std::span<const std::pair<std::size_t, std::size_t>> words, NetScores& scores);

  std::vector<Member> members_;
  Standard phone_standard_;
  Standard whole_standard_;
};

}  // namespace speechcoach::pronunciation
