#include "pronunciation/internal/matrix_product.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace speechcoach::pronunciation {
namespace {

// So many rows share each load of the weights; their sums stay in registers.
constexpr std::size_t kRows = 6;

void AddPlain(const float* in, std::size_t rows, std::size_t inputs, const float* weights, std::size_t outputs, float* out) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t k = 0; k < inputs; ++k) {
      const float x = in[r * inputs + k];
      for (std::size_t n = 0; n < outputs; ++n) out[r * outputs + n] += x * weights[k * outputs + n];
    }
  }
}

#if defined(__x86_64__)
// `rows` rows by kLane columns. Sums as plain variables of a constant count: the compiler unrolls them into registers.
template <std::size_t rows>
__attribute__((target("avx2,fma"))) void AddTile(const float* in, std::size_t inputs, const float* weights, std::size_t outputs,
                                                 float* out) {
  __m256 low[rows];
  __m256 high[rows];
#pragma GCC unroll 6
  for (std::size_t r = 0; r < rows; ++r) {
    low[r] = _mm256_loadu_ps(out + r * outputs);
    high[r] = _mm256_loadu_ps(out + r * outputs + kLane / 2);
  }
  for (std::size_t k = 0; k < inputs; ++k) {
    const __m256 weights_low = _mm256_loadu_ps(weights + k * outputs);
    const __m256 weights_high = _mm256_loadu_ps(weights + k * outputs + kLane / 2);
#pragma GCC unroll 6
    for (std::size_t r = 0; r < rows; ++r) {
      const __m256 x = _mm256_broadcast_ss(in + r * inputs + k);
      low[r] = _mm256_fmadd_ps(x, weights_low, low[r]);
      high[r] = _mm256_fmadd_ps(x, weights_high, high[r]);
    }
  }
#pragma GCC unroll 6
  for (std::size_t r = 0; r < rows; ++r) {
    _mm256_storeu_ps(out + r * outputs, low[r]);
    _mm256_storeu_ps(out + r * outputs + kLane / 2, high[r]);
  }
}

void AddInTiles(const float* in, std::size_t rows, std::size_t inputs, const float* weights, std::size_t outputs, float* out) {
  for (std::size_t n = 0; n < outputs; n += kLane) {
    std::size_t r = 0;
    for (; r + kRows <= rows; r += kRows) AddTile<kRows>(in + r * inputs, inputs, weights + n, outputs, out + r * outputs + n);
    for (; r < rows; ++r) AddTile<1>(in + r * inputs, inputs, weights + n, outputs, out + r * outputs + n);
  }
}
#endif

}  // namespace

void AddMatrixProduct(const float* in, std::size_t rows, std::size_t inputs, const float* weights, std::size_t outputs,
                      float* out) {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (has_avx2) return AddInTiles(in, rows, inputs, weights, outputs, out);
#endif
  AddPlain(in, rows, inputs, weights, outputs, out);
}

}  // namespace speechcoach::pronunciation
