#include "scoring/confidence_score.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace speechcoach::scoring {
namespace {

// Within [0, 1]; the low end where it is no number.
double Share(double value) { return value > 0.0 ? std::min(value, 1.0) : 0.0; }

}  // namespace

double ConfidenceScore(const model::ProsodyReport& report) {
  if (!(report.speech_end_s > report.speech_start_s)) return 0.0;
  const auto syllables = static_cast<double>(std::max<std::size_t>(report.syllables.size(), 1));
  const double filled = 10.0 * static_cast<double>(report.rhythm.filled_pauses.size()) / syllables;
  const double flow = Share(1.0 - report.confidence.hesitation_score) * std::exp(-filled / 3.0);
  const double pace = Share((report.rhythm.articulation_rate - 2.0) / 2.0);
  return 5.0 * flow + 2.0 * pace + 2.0 * Share(report.confidence.pitch_stability) + Share(report.confidence.energy_consistency);
}

}  // namespace speechcoach::scoring
