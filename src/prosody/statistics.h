// Sums that every figure of the report is made from. An empty series has the statistic 0.
#pragma once

#include <vector>

namespace speechcoach::prosody {

double Mean(const std::vector<double>& values);
// Population standard deviation.
double StandardDeviation(const std::vector<double>& values);
// `fraction` in [0, 1]; linear between neighbours (type 7 of Hyndman & Fan 1996).
double Quantile(std::vector<double> values, double fraction);
// `hz` on a semitone scale; only differences have a meaning. hz > 0.
double Semitones(double hz);

}  // namespace speechcoach::prosody
