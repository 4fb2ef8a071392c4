#include "prosody/jitter.h"

#include <vector>

#include "prosody/perturbation.h"
#include "prosody/statistics.h"

namespace speechcoach::prosody {

Jitter PulsesToJitter(std::span<const double> pulses, const PeriodLimits& limits) {
  std::vector<double> distances;
  for (std::size_t i = 0; i + 1 < pulses.size(); ++i) distances.push_back(pulses[i + 1] - pulses[i]);

  // A period is a distance with a neighbour like itself; the gap between two voiced stretches has none.
  const auto neighbours = [&](std::size_t i) { return AreNeighbours(distances[i], distances[i + 1], limits); };
  std::vector<double> periods;
  for (std::size_t i = 0; i < distances.size(); ++i) {
    if ((i > 0 && neighbours(i - 1)) || (i + 1 < distances.size() && neighbours(i))) periods.push_back(distances[i]);
  }
  const double mean = Mean(periods);
  return {LocalPerturbation(distances, mean, neighbours), PerturbationQuotient(distances, 3, mean, neighbours),
          PerturbationQuotient(distances, 5, mean, neighbours)};
}

}  // namespace speechcoach::prosody
