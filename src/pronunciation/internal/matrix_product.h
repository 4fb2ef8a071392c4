// The one heavy piece of arithmetic of the phone head.
#pragma once

#include <cstddef>

namespace speechcoach::pronunciation {

// Weights are padded with zeros to a multiple of so many outputs.
inline constexpr std::size_t kLane = 16;

// out[r][n] += sum over k of in[r][k] * weights[k][n], for `rows` rows of `inputs` numbers; rows of `out` and `weights` hold `outputs`
// numbers, a multiple of kLane. Nothing overlaps.
void AddMatrixProduct(const float* in, std::size_t rows, std::size_t inputs, const float* weights, std::size_t outputs,
                      float* out);

}  // namespace speechcoach::pronunciation
