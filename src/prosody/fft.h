// Fourier transform of real signals (kissfft behind it).
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace speechcoach::prosody {

// A plan of one size. Cheap to move, costs one table of sines to make. Not thread-safe: one plan, one thread.
class RealFft {
 public:
  // The smallest fast size that holds `minimum` samples; always even.
  static std::size_t FastSize(std::size_t minimum);

  // `size` comes from FastSize(). Throws std::bad_alloc.
  explicit RealFft(std::size_t size);

  std::size_t size() const { return size_; }
  std::size_t bins() const { return size_ / 2 + 1; }

  // `time` holds size() samples, `spectrum` bins() values.
  void Forward(std::span<const float> time, std::span<std::complex<float>> spectrum) const;
  // Unscaled: Inverse(Forward(x)) is size() * x.
  void Inverse(std::span<const std::complex<float>> spectrum, std::span<float> time) const;

 private:
  struct Free {
    void operator()(void* plan) const;
  };
  std::size_t size_;
  std::unique_ptr<void, Free> forward_;
  std::unique_ptr<void, Free> inverse_;
};

}  // namespace speechcoach::prosody
