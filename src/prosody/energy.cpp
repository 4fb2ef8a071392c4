#include "prosody/energy.h"

#include <algorithm>

#include "prosody/statistics.h"

namespace speechcoach::prosody {

model::Energy LevelsToEnergy(const std::vector<double>& levels_dbfs) {
  if (levels_dbfs.empty()) return {};
  constexpr double kSpanDb = 60.0;
  const double range_db = Quantile(levels_dbfs, 0.95) - Quantile(levels_dbfs, 0.05);
  return {std::clamp(1.0 + Mean(levels_dbfs) / kSpanDb, 0.0, 1.0), std::clamp(range_db / kSpanDb, 0.0, 1.0)};
}

}  // namespace speechcoach::prosody
