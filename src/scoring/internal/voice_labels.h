// The labels beside the scores. Indicative only: what the voice sounds like, not what the speaker feels.
#pragma once

#include <string_view>

#include "model/scores.h"
#include "scoring/internal/speech_measures.h"

namespace speechcoach::scoring {

// neutral, neutral_polite, enthusiastic, hesitant, nervous or flat.
std::string_view EmotionLabel(const model::Scores& scores, const SpeechMeasures& speech);
// low, moderate or high.
std::string_view ConfidenceLevel(double confidence);

}  // namespace speechcoach::scoring
