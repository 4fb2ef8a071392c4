// When a sentence is to be read again: the algorithm SM-2 (P. A. Wozniak, "Optimization of learning", master's thesis, University of
// Technology in Poznan, 1990, chapter 3.2), with readings in place of answers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "model/learning.h"

namespace speechcoach::learning {

inline constexpr int kPassingGrade = 3;  // below it a sentence begins anew
inline constexpr int kSettledGrade = 4;  // below it it is read again on the same day
inline constexpr int kLeastEasiness = 130;
inline constexpr int kLongestIntervalDays = 365;

// SM-2's quality of an answer, 0..5, for a reading's pronunciation of 0-10.
int GradeOf(double score);

struct Memory {
  int repetitions = 0;
  int interval_days = 0;
  int easiness_hundredths = 250;
  friend bool operator==(const Memory&, const Memory&) = default;
};

Memory AfterReview(const Memory& memory, int grade);

struct DatedReading {
  std::int64_t day = 0;  // since 1970-01-01
  double score = 0.0;    // 0-10
};

// `readings` of one sentence in their order, days never going back. The first reading of a day is its review, as it shows what has
// stayed; the others of that day are practice. A review before the sentence is due counts only where it fails. Nothing without
// readings; sentence_id is left 0.
std::optional<model::SentenceReview> ReviewOf(std::span<const DatedReading> readings);

}  // namespace speechcoach::learning
