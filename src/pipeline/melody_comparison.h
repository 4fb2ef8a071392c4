// Two readings of one sentence on one time axis: the learner's melody laid over the model's, word by word.
#pragma once

#include <span>
#include <vector>

#include "model/prosody_report.h"

namespace speechcoach::pipeline {

struct WordSpan {
  double start_s = 0.0;
  double end_s = 0.0;  // >= start_s
};

struct Melody {
  std::span<const WordSpan> words;             // in time order, not overlapping
  std::span<const model::PitchPoint> contour;  // in time order
};

struct MelodyPoint {
  double time_s = 0.0;  // in the model's reading
  // Semitones above the mean of that reading; without meaning where it is not voiced.
  bool is_model_voiced = false;
  double model_st = 0.0;
  bool is_learner_voiced = false;
  double learner_st = 0.0;
};

// One point for each of the model's contour. Inside a word the learner's time runs at the ratio of the two words' lengths, between words at that of the
// gaps. Empty where the numbers of words differ or are 0. Pure.
std::vector<MelodyPoint> CompareMelodies(const Melody& model, const Melody& learner);

}  // namespace speechcoach::pipeline
