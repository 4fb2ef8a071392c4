// How loud a stretch of sound is against the whole recording, as evidence that nothing is voiced there.
#pragma once

#include <cstddef>
#include <span>

namespace speechcoach::prosody {

// Largest distance of a sample from the mean of all; 0 where there are none.
double LargestDeviation(std::span<const float> samples);

// Of the `reach` samples on either side of the border before sample `middle`, as far as the recording goes.
float MeanAround(std::span<const float> samples, std::size_t middle, std::size_t reach);
// The largest distance from `mean` among them.
float LargestAround(std::span<const float> samples, std::size_t middle, std::size_t reach, float mean);

// Strength of the "unvoiced" candidate (Boersma 1993, equation 23): the voicing threshold, raised by up to 2 where the
// frame's peak is small against the recording's. A recording without any amplitude is unvoiced throughout.
double UnvoicedStrength(double local_peak, double global_peak, double silence_threshold, double voicing_threshold);

}  // namespace speechcoach::prosody
