#include "scoring/internal/voice_labels.h"

#include "scoring/internal/findings.h"

namespace speechcoach::scoring {

std::string_view EmotionLabel(const model::Scores& scores, const SpeechMeasures& speech) {
  constexpr double kFastArticulation = 5.5;  // syllables a second
  if (!speech.spoke() || !speech.pitch_sd_semitones) return "neutral";
  if (scores.confidence < kHesitantBelow) return speech.articulation_rate > kFastArticulation ? "nervous" : "hesitant";
  if (*speech.pitch_sd_semitones < kFlatBelowSemitones) return "flat";
  if (scores.emotion >= kPraiseFrom) return "enthusiastic";
  return scores.confidence >= 6.5 && scores.emotion >= 5.0 ? "neutral_polite" : "neutral";
}

std::string_view ConfidenceLevel(double confidence) {
  if (confidence < kHesitantBelow) return "low";
  return confidence < kPraiseFrom ? "moderate" : "high";
}

}  // namespace speechcoach::scoring
