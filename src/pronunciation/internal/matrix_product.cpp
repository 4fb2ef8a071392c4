#include "pronunciation/internal/matrix_product.h"

// One build serves every x86-64 machine: the loader picks the version for its CPU. Sanitizers start too late for that.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SPEECHCOACH_CPU_VERSIONS __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define SPEECHCOACH_CPU_VERSIONS
#endif

namespace speechcoach::pronunciation {
namespace {

// So many rows share each load of the weights; their sums stay in registers.
constexpr std::size_t kRows = 6;

template <std::size_t rows>
[[gnu::always_inline]] inline void AddTile(const float* __restrict in, std::size_t inputs, const float* __restrict weights, std::size_t outputs,
                                           float* __restrict out) {
  typedef float Lane __attribute__((vector_size(kLane / 2 * sizeof(float)), aligned(4)));
  Lane low[rows];
  Lane high[rows];
  for (std::size_t r = 0; r < rows; ++r) {
    low[r] = *reinterpret_cast<const Lane*>(out + r * outputs);
    high[r] = *reinterpret_cast<const Lane*>(out + r * outputs + kLane / 2);
  }
  for (std::size_t k = 0; k < inputs; ++k) {
    const Lane weights_low = *reinterpret_cast<const Lane*>(weights + k * outputs);
    const Lane weights_high = *reinterpret_cast<const Lane*>(weights + k * outputs + kLane / 2);
    for (std::size_t r = 0; r < rows; ++r) {
      const float x = in[r * inputs + k];
      low[r] += x * weights_low;
      high[r] += x * weights_high;
    }
  }
  for (std::size_t r = 0; r < rows; ++r) {
    *reinterpret_cast<Lane*>(out + r * outputs) = low[r];
    *reinterpret_cast<Lane*>(out + r * outputs + kLane / 2) = high[r];
  }
}

}  // namespace

SPEECHCOACH_CPU_VERSIONS
void AddMatrixProduct(const float* in, std::size_t rows, std::size_t inputs, const float* weights, std::size_t outputs, float* out) {
  for (std::size_t n = 0; n < outputs; n += kLane) {
    std::size_t r = 0;
    for (; r + kRows <= rows; r += kRows) AddTile<kRows>(in + r * inputs, inputs, weights + n, outputs, out + r * outputs + n);
    for (; r < rows; ++r) AddTile<1>(in + r * inputs, inputs, weights + n, outputs, out + r * outputs + n);
  }
}

}  // namespace speechcoach::pronunciation
