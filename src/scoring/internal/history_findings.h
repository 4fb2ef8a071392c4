// What has changed since the learner's last session.
#pragma once

#include "scoring/internal/findings.h"
#include "scoring/scoring.h"

namespace speechcoach::scoring {

// Adds praise for progress, and turns the advice on a word that was troubled last time too into advice for stubborn words.
// Nothing where there is no history.
void FindProgress(const Evidence& evidence, const ScoreReport& report, Findings& findings);

}  // namespace speechcoach::scoring
