// Advice on single sounds, where pronunciation was judged sound by sound.
#pragma once

#include <string_view>
#include <vector>

#include "model/session.h"
#include "scoring/internal/findings.h"
#include "scoring/scoring.h"

namespace speechcoach::scoring {

// The sound that went wrong in most words first, then single ones; at most three. Findings that are less certain than not
// worth the learner's time are left out.
std::vector<Remark> FindSounds(const std::vector<SoundFinding>& sounds, model::Locale locale);

// True where one of the findings that count is about this word, whatever its letter case.
bool IsSoundFound(const std::vector<SoundFinding>& sounds, std::string_view word);

}  // namespace speechcoach::scoring
