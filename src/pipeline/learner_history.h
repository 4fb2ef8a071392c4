// A learner's earlier sessions -> what feedback may build on.
#pragma once

#include <optional>

#include "model/session.h"
#include "scoring/scoring.h"
#include "storage/repositories.h"

namespace speechcoach::pipeline {

// How many of the latest sessions are looked at.
inline constexpr int kRememberedSessions = 6;

// `earlier` is the first page of the learner's sessions; `now` itself and those without an analysis are passed over. A personal
// best is only known where the page holds them all: otherwise `sessions` is 0. Absent where there is nothing to remember.
std::optional<scoring::LearnerHistory> HistoryFrom(const storage::SessionPage& earlier, const model::Session& now);

}  // namespace speechcoach::pipeline
