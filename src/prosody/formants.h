// Resonances of the vocal tract at one moment.
//
// Linear prediction by Burg's method (J. P. Burg 1967; the recursion as in D. G. Childers 1978, Modern spectrum analysis,
// 252-255) on sound resampled to twice the ceiling, pre-emphasised and under a Gaussian window; the roots of the prediction
// polynomial within the unit circle are the resonances. Names and defaults as in Praat's "To Formant (burg)".
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace speechcoach::prosody {

struct FormantParameters {
  int number_of_formants = 5;          // <= 7; the prediction has twice as many coefficients
  double formant_ceiling_hz = 5500.0;  // <= 8000
  double window_length_s = 0.025;      // effective; the Gaussian reaches over twice this
  double pre_emphasis_from_hz = 50.0;
};

struct Formant {
  double frequency_hz = 0.0;
  double bandwidth_hz = 0.0;
};

// Thread-safe after construction; costs a table of some hundred thousand numbers to make.
class FormantAnalysis {
 public:
  explicit FormantAnalysis(const FormantParameters& parameters);

  // At the sample nearest `time_s`, rising in frequency, between 50 Hz and 50 Hz under the ceiling; empty in silence. `samples`
  // at model::kSampleRateHz, finite; what lies beyond their ends counts as silence. Pure.
  std::vector<Formant> At(std::span<const float> samples, double time_s) const;

 private:
  std::vector<double> Resampled(std::span<const float> samples, double time_s) const;

  FormantParameters parameters_;
  double rate_hz_;
  std::ptrdiff_t half_;                // resampled values on either side of the middle
  std::ptrdiff_t taps_;                // samples that each is made from
  std::vector<std::ptrdiff_t> begin_;  // first of them, counted from the middle sample
  std::vector<float> kernel_;          // taps_ for each value
  std::vector<double> gaussian_;
};

// With the default parameters.
const FormantAnalysis& DefaultFormants();

struct VowelQuality {
  double f1_hz = 0.0;
  double f2_hz = 0.0;
};

// The lowest two that are resonances (narrower than 600 Hz) and no tilt of the spectrum; absent where there are none.
std::optional<VowelQuality> LowestTwo(const std::vector<Formant>& formants);

}  // namespace speechcoach::prosody
