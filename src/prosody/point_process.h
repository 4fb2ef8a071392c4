// The moments at which the voice repeats itself: one pulse a period.
//
// As described in the Praat manual, "Sound & Pitch: To PointProcess (cc)": in each voiced stretch the first pulse is the
// largest amplitude within one period round the middle; from there, to the left and to the right, each next pulse lies 0.8
// to 1.25 periods on, where the sound of one period round it correlates best with that round the last pulse.
#pragma once

#include <span>
#include <vector>

#include "prosody/pitch_track.h"

namespace speechcoach::prosody {

// Times in seconds, rising. `samples` at model::kSampleRateHz, finite.
std::vector<double> SoundAndPitchToPulses(std::span<const float> samples, const PitchTrack& pitch);

// Which distances between pulses count as periods of the voice; names and defaults as in Praat's voice queries.
struct PeriodLimits {
  double period_floor_s = 0.0001;
  double period_ceiling_s = 0.02;
  double maximum_period_factor = 1.3;  // between neighbours
};

bool IsPeriod(double period_s, const PeriodLimits& limits);
// Both are periods, and neither is more than the factor longer than the other.
bool AreNeighbours(double a_s, double b_s, const PeriodLimits& limits);

}  // namespace speechcoach::prosody
