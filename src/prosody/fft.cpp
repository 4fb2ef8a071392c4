#include "prosody/fft.h"

#include <kissfft/kiss_fft.h>
#include <kissfft/kiss_fftr.h>

#include <algorithm>
#include <new>

namespace speechcoach::prosody {
namespace {

// std::complex<float> is laid out as two floats, like kiss_fft_cpx.
static_assert(sizeof(std::complex<float>) == sizeof(kiss_fft_cpx));

void* MakePlan(std::size_t size, bool inverse) {
  void* plan = kiss_fftr_alloc(static_cast<int>(size), inverse ? 1 : 0, nullptr, nullptr);
  if (plan == nullptr) throw std::bad_alloc();
  return plan;
}

}  // namespace

void RealFft::Free::operator()(void* plan) const { kiss_fftr_free(plan); }

std::size_t RealFft::FastSize(std::size_t minimum) {
  const std::size_t half = std::max<std::size_t>(1, (minimum + 1) / 2);
  return 2 * static_cast<std::size_t>(kiss_fft_next_fast_size(static_cast<int>(half)));
}

RealFft::RealFft(std::size_t size) : size_(size), forward_(MakePlan(size, false)), inverse_(MakePlan(size, true)) {}

void RealFft::Forward(std::span<const float> time, std::span<std::complex<float>> spectrum) const {
  kiss_fftr(static_cast<kiss_fftr_cfg>(forward_.get()), time.data(), reinterpret_cast<kiss_fft_cpx*>(spectrum.data()));
}

void RealFft::Inverse(std::span<const std::complex<float>> spectrum, std::span<float> time) const {
  kiss_fftri(static_cast<kiss_fftr_cfg>(inverse_.get()), reinterpret_cast<const kiss_fft_cpx*>(spectrum.data()), time.data());
}

}  // namespace speechcoach::prosody
