#include "prosody/melody.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "prosody/statistics.h"

namespace speechcoach::prosody {
namespace {

constexpr double kFinal_s = 0.4;
constexpr std::size_t kFewestFinalFrames = 10;  // 0.1 s of voice
constexpr double kLongPhrase_s = 1.0;
constexpr std::size_t kFewestPhraseFrames = 40;
constexpr double kOctaveError_st = 7.0;

struct Point {
  double time_s;
  double height_st;
};

std::vector<Point> VoicedWithin(const model::ProsodyReport& report, double start_s, double end_s) {
  std::vector<Point> points;
  std::vector<double> heights;
  for (const model::PitchPoint& point : report.pitch.contour) {
    if (!(point.f0_hz > 0.0) || point.time_s < start_s || point.time_s > end_s) continue;
    points.push_back({point.time_s, Semitones(point.f0_hz)});
    heights.push_back(points.back().height_st);
  }
  const double middle_st = Quantile(std::move(heights), 0.5);
  std::erase_if(points, [=](const Point& point) { return std::abs(point.height_st - middle_st) > kOctaveError_st; });
  return points;
}

// Semitones a second, by least squares.
std::optional<double> Slope(const std::vector<Point>& points) {
  double mean_s = 0.0;
  double mean_st = 0.0;
  for (const Point& point : points) {
    mean_s += point.time_s / static_cast<double>(points.size());
    mean_st += point.height_st / static_cast<double>(points.size());
  }
  double covariance = 0.0;
  double variance = 0.0;
  for (const Point& point : points) {
    covariance += (point.time_s - mean_s) * (point.height_st - mean_st);
    variance += (point.time_s - mean_s) * (point.time_s - mean_s);
  }
  if (!(variance > 0.0)) return std::nullopt;
  return covariance / variance;
}

void MeasurePhrase(const model::ProsodyReport& report, model::Phrase& phrase) {
  std::vector<Point> points = VoicedWithin(report, phrase.start_s, phrase.end_s);
  if (phrase.end_s - phrase.start_s >= kLongPhrase_s && points.size() >= kFewestPhraseFrames) {
    phrase.declination_st_per_s = Slope(points);
  }
  if (points.empty()) return;
  const double from_s = points.back().time_s - kFinal_s;
  std::erase_if(points, [=](const Point& point) { return point.time_s < from_s; });
  if (points.size() < kFewestFinalFrames) return;
  const std::optional<double> slope = Slope(points);
  if (!slope) return;
  phrase.final_movement_st = *slope * (points.back().time_s - points.front().time_s);
  phrase.final_tone = model::FinalTone::kLevel;
  if (*phrase.final_movement_st >= kMovementHeard_st) phrase.final_tone = model::FinalTone::kRise;
  if (*phrase.final_movement_st <= -kMovementHeard_st) phrase.final_tone = model::FinalTone::kFall;
}

}  // namespace

std::vector<model::Phrase> PhrasesBetweenPauses(const model::ProsodyReport& report) {
  std::vector<model::Phrase> phrases;
  if (!(report.speech_end_s > report.speech_start_s)) return phrases;
  model::Phrase phrase;
  phrase.start_s = report.speech_start_s;
  for (const model::Pause& pause : report.pauses.positions) {
    phrase.end_s = pause.start_s;
    phrases.push_back(phrase);
    phrase.start_s = pause.end_s;
  }
  phrase.end_s = report.speech_end_s;
  phrases.push_back(phrase);
  return phrases;
}

void MeasureMelody(model::ProsodyReport& report, std::vector<model::Phrase> phrases) {
  model::Melody melody;
  std::vector<double> heights;
  for (const model::PitchPoint& point : report.pitch.contour) {
    if (point.f0_hz > 0.0) heights.push_back(Semitones(point.f0_hz));
  }
  if (heights.size() >= kFewestFinalFrames) {
    melody.spread_st = StandardDeviation(heights);
    melody.monotony = std::exp(-std::numbers::ln2 * *melody.spread_st / 2.0);
  }
  double weighted = 0.0;
  double weight_s = 0.0;
  for (model::Phrase& phrase : phrases) {
    MeasurePhrase(report, phrase);
    if (!phrase.declination_st_per_s) continue;
    weighted += *phrase.declination_st_per_s * (phrase.end_s - phrase.start_s);
    weight_s += phrase.end_s - phrase.start_s;
  }
  if (weight_s > 0.0) melody.declination_st_per_s = weighted / weight_s;
  melody.phrases = std::move(phrases);
  report.melody = std::move(melody);
}

}  // namespace speechcoach::prosody
