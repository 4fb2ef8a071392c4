// Sounds whose figures are known. All at model::kSampleRateHz.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace speechcoach::prosody {

using Samples = std::vector<float>;

Samples Silence(double seconds);
Samples Sine(double f0_hz, double seconds, double amplitude);
// Uniform, the same for the same seed.
Samples Noise(double seconds, double amplitude, std::uint32_t seed = 1);
// Like a vowel: twelve harmonics that fall off, as far as they fit; `f0_hz(t)` in time. Peak near `amplitude`.
Samples Vowel(const std::function<double(double)>& f0_hz, double seconds, double amplitude);
Samples Vowel(double f0_hz, double seconds, double amplitude);
// A voice through two resonances, `f1_hz` and `f2_hz`, 80 Hz wide.
Samples Resonant(double f0_hz, double f1_hz, double f2_hz, double seconds, double amplitude);
// Short band-limited clicks at `pulses_s`, the i-th with `amplitudes[i]`.
Samples Pulses(const std::vector<double>& pulses_s, const std::vector<double>& amplitudes, double seconds);
// `count` vowels, `rate` a second, each swelling and dying away without a silence between them; from 1.05 `f0_hz` down to 0.95.
Samples SyllableTrain(int count, double rate, double f0_hz, double amplitude);

Samples operator+(const Samples& a, const Samples& b);  // b after a
// Swells in over 30 ms and dies away over 60 ms.
Samples Faded(Samples samples);
Samples Mix(const Samples& a, const Samples& b);  // both at once, as long as `a`
Samples Scaled(Samples samples, double factor);
Samples Clipped(Samples samples, double limit);

// A 16-bit mono recording of tests/data; absent where the file is.
std::optional<Samples> Recording(const std::string& name);

}  // namespace speechcoach::prosody
