#include "prosody/vector_sums.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace speechcoach::prosody {
namespace {

// Independent sums in a fixed order let the compiler use vector instructions without changing the result's definition.
constexpr std::size_t kLanes = 32;

inline float Total(const std::array<float, kLanes>& lanes) {
  std::array<float, kLanes> sums = lanes;
  for (std::size_t width = kLanes / 2; width > 0; width /= 2) {
    for (std::size_t lane = 0; lane < width; ++lane) sums[lane] += sums[lane + width];
  }
  return sums[0];
}

// Sums are taken in chunks, so that rounding does not grow with the length.
constexpr std::size_t kChunk = 128;

// Four values that one instruction works on, or one, as the machine has it.
using Four = float __attribute__((vector_size(16)));

// Lags 0 .. 7. Vectors as plain variables: in arrays GCC keeps them in memory.
void EightDots(const float* a, std::size_t count, const float* b, float* out) {
  Four low{};
  Four high{};
  for (std::size_t begin = 0; begin < count; begin += kChunk) {
    const std::size_t end = std::min(count, begin + kChunk);
    Four low_sum{};
    Four high_sum{};
    for (std::size_t i = begin; i < end; ++i) {
      Four low_values;
      Four high_values;
      std::memcpy(&low_values, b + i, sizeof low_values);
      std::memcpy(&high_values, b + i + 4, sizeof high_values);
      low_sum += a[i] * low_values;
      high_sum += a[i] * high_values;
    }
    low += low_sum;
    high += high_sum;
  }
  std::memcpy(out, &low, sizeof low);
  std::memcpy(out + 4, &high, sizeof high);
}

#if defined(__x86_64__)
bool HasAvx2() {
  static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return has;
}

__attribute__((target("avx2,fma"))) void EightDotsAvx2(const float* a, std::size_t count, const float* b, float* out) {
  __m256 total = _mm256_setzero_ps();
  for (std::size_t begin = 0; begin < count; begin += kChunk) {
    const std::size_t end = std::min(count, begin + kChunk);
    __m256 sum = _mm256_setzero_ps();
    for (std::size_t i = begin; i < end; ++i) sum = _mm256_fmadd_ps(_mm256_broadcast_ss(a + i), _mm256_loadu_ps(b + i), sum);
    total = _mm256_add_ps(total, sum);
  }
  _mm256_storeu_ps(out, total);
}

// Lags 0 .. 31, each as EightDotsAvx2() sums it.
__attribute__((target("avx2,fma"))) void ThirtyTwoDotsAvx2(const float* a, std::size_t count, const float* b, float* out) {
  __m256 total0 = _mm256_setzero_ps();
  __m256 total1 = total0;
  __m256 total2 = total0;
  __m256 total3 = total0;
  for (std::size_t begin = 0; begin < count; begin += kChunk) {
    const std::size_t end = std::min(count, begin + kChunk);
    __m256 sum0 = _mm256_setzero_ps();
    __m256 sum1 = sum0;
    __m256 sum2 = sum0;
    __m256 sum3 = sum0;
    for (std::size_t i = begin; i < end; ++i) {
      const __m256 factor = _mm256_broadcast_ss(a + i);
      sum0 = _mm256_fmadd_ps(factor, _mm256_loadu_ps(b + i), sum0);
      sum1 = _mm256_fmadd_ps(factor, _mm256_loadu_ps(b + i + 8), sum1);
      sum2 = _mm256_fmadd_ps(factor, _mm256_loadu_ps(b + i + 16), sum2);
      sum3 = _mm256_fmadd_ps(factor, _mm256_loadu_ps(b + i + 24), sum3);
    }
    total0 = _mm256_add_ps(total0, sum0);
    total1 = _mm256_add_ps(total1, sum1);
    total2 = _mm256_add_ps(total2, sum2);
    total3 = _mm256_add_ps(total3, sum3);
  }
  _mm256_storeu_ps(out, total0);
  _mm256_storeu_ps(out + 8, total1);
  _mm256_storeu_ps(out + 16, total2);
  _mm256_storeu_ps(out + 24, total3);
}
#endif

}  // namespace

void SlidingDots(const float* a, std::size_t count, const float* b, std::size_t lags, float* out) {
  if (lags < 8) {
    for (std::size_t lag = 0; lag < lags; ++lag) out[lag] = Dot(a, b + lag, count);
    return;
  }
  // What is left over is summed once more with the lags before it: the same sums, at the full width.
#if defined(__x86_64__)
  if (HasAvx2() && lags >= 32) {
    for (std::size_t lag = 0; lag + 32 <= lags; lag += 32) ThirtyTwoDotsAvx2(a, count, b + lag, out + lag);
    if (lags % 32 != 0) ThirtyTwoDotsAvx2(a, count, b + lags - 32, out + lags - 32);
    return;
  }
  auto* const eight_dots = HasAvx2() ? EightDotsAvx2 : EightDots;
#else
  auto* const eight_dots = EightDots;
#endif
  for (std::size_t lag = 0; lag + 8 <= lags; lag += 8) eight_dots(a, count, b + lag, out + lag);
  if (lags % 8 != 0) eight_dots(a, count, b + lags - 8, out + lags - 8);
}

SPEECHCOACH_VECTOR_CLONES float Dot(const float* a, const float* b, std::size_t count) {
  std::array<float, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += a[i + lane] * b[i + lane];
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) lanes[lane] += a[i] * b[i];
  return Total(lanes);
}

SPEECHCOACH_VECTOR_CLONES float Sum(const float* values, std::size_t count) {
  std::array<float, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += values[i + lane];
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) lanes[lane] += values[i];
  return Total(lanes);
}

SPEECHCOACH_VECTOR_CLONES float WeightedSquares(const float* weights, const float* values, float mean, std::size_t count) {
  std::array<float, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float distance = values[i + lane] - mean;
      lanes[lane] += weights[i + lane] * distance * distance;
    }
  }
  for (std::size_t lane = 0; i < count; ++i, ++lane) {
    const float distance = values[i] - mean;
    lanes[lane] += weights[i] * distance * distance;
  }
  return Total(lanes);
}

SPEECHCOACH_VECTOR_CLONES float LargestDistance(const float* values, float mean, std::size_t count) {
  std::array<float, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float distance = std::abs(values[i + lane] - mean);
      lanes[lane] = lanes[lane] < distance ? distance : lanes[lane];
    }
  }
  float largest = 0.0F;
  for (; i < count; ++i) largest = std::max(largest, std::abs(values[i] - mean));
  for (const float lane : lanes) largest = std::max(largest, lane);
  return largest;
}

}  // namespace speechcoach::prosody
