// The sums that all analyses spend their time in. On x86-64 each is compiled for AVX2 as well and chosen when the program
// starts; one machine always gives the same sum for the same values, wherever they lie in memory.
#pragma once

#include <cstddef>

// The sanitizers cannot run before the loader has chosen.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define SPEECHCOACH_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define SPEECHCOACH_VECTOR_CLONES
#endif

namespace speechcoach::prosody {

// Of a[i] * b[i] over `count` values.
float Dot(const float* a, const float* b, std::size_t count);

// out[lag] = the sum of a[i] * b[i + lag] over i < count, for lag < lags; reads b[0 .. count + lags - 2]. From eight lags on, a
// lag's sum does not depend on how many there are.
void SlidingDots(const float* a, std::size_t count, const float* b, std::size_t lags, float* out);

float Sum(const float* values, std::size_t count);

// Of weights[i] * (values[i] - mean)^2.
float WeightedSquares(const float* weights, const float* values, float mean, std::size_t count);

// The largest |values[i] - mean|; 0 where count is 0.
float LargestDistance(const float* values, float mean, std::size_t count);

}  // namespace speechcoach::prosody
