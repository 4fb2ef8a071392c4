// A band for a speaking task, as IELTS and VSTEP give them, with how sure it is. An estimate from a few measures that examiners'
// descriptors name (fluency, pronunciation, range of words, accuracy); it is not calibrated against examiners.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "model/scores.h"

namespace speechcoach::dialogue {

enum class Scale { kIelts, kVstep };  // 0-9 in steps of 0.5; 0-10 in steps of 0.5

struct SpeakingBand {
  double low = 0.0;  // the band lies between the two with about the certainty that `sure` names
  double high = 0.0;
  enum class Sure { kLow, kModerate } sure = Sure::kLow;
  std::string note_vi;  // says what it rests on and how sure it is
};

// `turns`: the learner's, as transcripts. `scores`: the mean over the turns, where they were scored. Nothing where fewer than
// twenty words were said: no band could be told from chance.
std::optional<SpeakingBand> EstimateBand(Scale scale, std::span<const std::string> turns,
                                         const std::optional<model::Scores>& scores);

}  // namespace speechcoach::dialogue
