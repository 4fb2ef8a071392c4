#include "scoring/emotion.h"

#include <algorithm>
#include <cmath>

namespace speechcoach::scoring {
namespace {

constexpr double kMostCertain = 0.7;
constexpr double kFewestVoiced = 50;  // frames of 10 ms

// -1 at `low`, 1 at `high`, straight between; 0 where `value` is no number.
double Signed(double value, double low, double high) {
  if (!std::isfinite(value)) return 0.0;
  return std::clamp(2.0 * (value - low) / (high - low) - 1.0, -1.0, 1.0);
}

double FilledPerTenSyllables(const model::ProsodyReport& report) {
  const auto syllables = static_cast<double>(std::max<std::size_t>(report.syllables.size(), 1));
  return 10.0 * static_cast<double>(report.rhythm.filled_pauses.size()) / syllables;
}

// How far beyond a threshold, as certainty: 0.3 at it, kMostCertain from `full` beyond it on.
double Certainty(double beyond, double full) { return std::clamp(0.3 + (kMostCertain - 0.3) * beyond / full, 0.3, kMostCertain); }

void Label(const model::ProsodyReport& report, model::Emotion& emotion) {
  const double hesitation = report.confidence.hesitation_score;
  const double filled = FilledPerTenSyllables(report);
  const double spread_st = report.melody.spread_st.value_or(0.0);
  const auto set = [&](std::string_view label, double certainty) {
    emotion.label = label;
    emotion.certainty = certainty;
  };
  if (hesitation >= 0.6 || filled > 1.0) return set("hesitant", Certainty(std::max(hesitation - 0.6, (filled - 1.0) / 3.0), 0.3));
  const double unsteady = 0.6 - report.confidence.pitch_stability;
  const double hurried = report.rhythm.articulation_rate - 5.5;
  if (hesitation >= 0.35 && (unsteady > 0.0 || hurried > 0.0))
    return set("nervous", Certainty(std::max(unsteady / 0.2, hurried / 1.5), 1.0));
  if (spread_st < 1.3) return set("flat", Certainty(1.3 - spread_st, 0.7));
  if (emotion.arousal >= 0.35 && emotion.valence >= 0.2) return set("enthusiastic", Certainty(emotion.arousal - 0.35, 0.4));
  if (hesitation < 0.25 && emotion.arousal >= -0.35) return set("neutral_polite", Certainty(0.25 - hesitation, 0.25));
  set("neutral", 0.3);
}

}  // namespace

model::Emotion ReadEmotion(const model::ProsodyReport& report) {
  model::Emotion emotion;
  const bool spoke = report.speech_end_s > report.speech_start_s;
  if (!spoke) return emotion;
  const double spread_st = report.melody.spread_st.value_or(0.0);
  const double spread = Signed(spread_st, 0.3, 3.5);
  const double range = Signed(report.energy.dynamic_range, 0.1, 0.5);
  const double rate = Signed(report.rhythm.articulation_rate, 2.0, 5.0);
  const double level = Signed(report.energy.mean, 0.3, 0.8);
  const double ease = Signed(report.confidence.hesitation_score, 1.0, 0.0);
  emotion.arousal = 0.4 * spread + 0.2 * range + 0.25 * rate + 0.15 * level;
  emotion.valence = 0.5 * spread + 0.3 * ease + 0.2 * rate;
  emotion.cues = {{"pitch_spread_st", spread_st, spread, spread},
                  {"dynamic_range", report.energy.dynamic_range, range, 0.0},
                  {"articulation_rate", report.rhythm.articulation_rate, rate, rate},
                  {"level", report.energy.mean, level, 0.0},
                  {"hesitation", report.confidence.hesitation_score, 0.0, ease},
                  {"filled_pauses", static_cast<double>(report.rhythm.filled_pauses.size()), 0.0, 0.0},
                  {"pitch_stability", report.confidence.pitch_stability, 0.0, 0.0}};
  const auto voiced =
      std::ranges::count_if(report.pitch.contour, [](const model::PitchPoint& point) { return point.f0_hz > 0.0; });
  if (!report.minimal && static_cast<double>(voiced) >= kFewestVoiced) Label(report, emotion);
  return emotion;
}

double EmotionScore(const model::Emotion& emotion, const model::ProsodyReport& report) {
  if (!(report.speech_end_s > report.speech_start_s)) return 0.0;
  const double score = 3.0 * (emotion.arousal + 1.0) + 2.0 * (emotion.valence + 1.0);
  return std::clamp(score, 0.0, report.melody.spread_st ? 10.0 : 5.0);
}

}  // namespace speechcoach::scoring
