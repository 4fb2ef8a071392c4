// What is known of how a learner reads the practice sentences.
#pragma once

#include <cstdint>

namespace speechcoach::model {

// One finished reading of a sentence.
struct Reading {
  std::int64_t at_ms = 0;  // UTC, since the epoch
  double score = 0.0;      // of the pronunciation, 0-10
};

// All readings of one sentence, and when it is to be read again. Days count from 1970-01-01 where the learner lives.
struct SentenceReview {
  std::int64_t sentence_id = 0;
  int readings = 0;
  double last_score = 0.0;
  std::int64_t last_day = 0;
  bool wants_another = false;     // the last reading was not good enough to stop for that day
  int repetitions = 0;            // reviews in a row that went well
  int interval_days = 0;          // from the last review to the next
  int easiness_hundredths = 250;  // 130 and more: the easier the sentence, the faster its intervals grow
  std::int64_t due_day = 0;
  friend bool operator==(const SentenceReview&, const SentenceReview&) = default;
};

}  // namespace speechcoach::model
