// Which words of a growing recording can be shown for good: those on which two hearings in a row agree (local agreement with n = 2;
// Liu et al., "Low-Latency Sequence-to-Sequence Speech Recognition and Translation by Partial Hypothesis Selection", 2020;
// Machacek et al., "Turning Whisper into Real-Time Transcription System", 2023).
#pragma once

#include <cstddef>
#include <vector>

#include "model/transcript.h"

namespace speechcoach::stt {

class LocalAgreement {
 public:
  // `heard`: all words of the recording so far, but for those before the last Forget(). What was stable stays as it was first shown; of `heard`
  // those words are new that follow what is most like it.
  void Hear(std::vector<model::Word> heard);

  // The stable words, then the newest hearing's others.
  const std::vector<model::Word>& words() const { return words_; }
  std::size_t stable() const { return stable_; }

  // What is shown until `end_s` is stable: nothing before it will be heard a second time.
  void Settle(double end_s);

  // The words that end at or before `end_s` and are stable will not be heard again: the recording before it is let go. Answers
  // where the last of them ends; 0 where there is none.
  double Forget(double end_s);

 private:
  std::vector<model::Word> words_;
  std::size_t stable_ = 0;
  std::size_t forgotten_ = 0;  // <= stable_
};

}  // namespace speechcoach::stt
