#include "pipeline/melody_comparison.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace speechcoach::pipeline {
namespace {

double Semitones(double f0_hz) { return 12.0 * std::log2(f0_hz); }

double MeanSemitones(std::span<const model::PitchPoint> contour) {
  double sum = 0.0;
  double voiced = 0.0;
  for (const model::PitchPoint& point : contour) {
    if (point.f0_hz <= 0.0) continue;
    sum += Semitones(point.f0_hz);
    voiced += 1.0;
  }
  return voiced > 0.0 ? sum / voiced : 0.0;
}

// The borders of all words, in time order.
std::vector<double> Borders(std::span<const WordSpan> words) {
  std::vector<double> borders;
  for (const WordSpan& word : words) {
    borders.push_back(word.start_s);
    borders.push_back(word.end_s);
  }
  return borders;
}

// Where the learner was when the model was at `time_s`; beyond the outer borders both run alike.
double LearnerTime(const std::vector<double>& model, const std::vector<double>& learner, double time_s) {
  const auto above = std::ranges::upper_bound(model, time_s);
  if (above == model.begin()) return learner.front() + time_s - model.front();
  if (above == model.end()) return learner.back() + time_s - model.back();
  const auto i = static_cast<std::size_t>(above - model.begin());
  const double share = (time_s - model[i - 1]) / (model[i] - model[i - 1]);
  return learner[i - 1] + share * (learner[i] - learner[i - 1]);
}

// The contour's nearest point; none where it is unvoiced or the contour does not reach.
std::optional<double> F0At(std::span<const model::PitchPoint> contour, double time_s) {
  constexpr double kReachS = 0.01;
  const auto above = std::ranges::lower_bound(contour, time_s, {}, &model::PitchPoint::time_s);
  const model::PitchPoint* nearest = nullptr;
  if (above != contour.end()) nearest = &*above;
  if (above != contour.begin() && (nearest == nullptr || time_s - (above - 1)->time_s < nearest->time_s - time_s))
    nearest = &*(above - 1);
  if (nearest == nullptr || std::abs(nearest->time_s - time_s) > kReachS || nearest->f0_hz <= 0.0) return std::nullopt;
  return nearest->f0_hz;
}

}  // namespace

std::vector<MelodyPoint> CompareMelodies(const Melody& model, const Melody& learner) {
  std::vector<MelodyPoint> points;
  if (model.words.empty() || model.words.size() != learner.words.size()) return points;
  const std::vector<double> model_borders = Borders(model.words);
  const std::vector<double> learner_borders = Borders(learner.words);
  const double model_mean = MeanSemitones(model.contour);
  const double learner_mean = MeanSemitones(learner.contour);
  for (const model::PitchPoint& heard : model.contour) {
    MelodyPoint point;
    point.time_s = heard.time_s;
    point.is_model_voiced = heard.f0_hz > 0.0;
    if (point.is_model_voiced) point.model_st = Semitones(heard.f0_hz) - model_mean;
    if (const auto f0_hz = F0At(learner.contour, LearnerTime(model_borders, learner_borders, heard.time_s))) {
      point.is_learner_voiced = true;
      point.learner_st = Semitones(*f0_hz) - learner_mean;
    }
    points.push_back(point);
  }
  return points;
}

}  // namespace speechcoach::pipeline
