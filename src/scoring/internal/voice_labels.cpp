#include "scoring/internal/voice_labels.h"

#include "scoring/internal/findings.h"

namespace speechcoach::scoring {

std::string_view ConfidenceLevel(double confidence) {
  if (confidence < kHesitantBelow) return "low";
  return confidence < kPraiseFrom ? "moderate" : "high";
}

}  // namespace speechcoach::scoring
