// What a list shows of a session.
#pragma once

#include <optional>
#include <string>

#include "model/session.h"

namespace speechcoach::model {

struct AnalysisSummary {
  double audio_duration_s = 0.0;
  std::string transcript;
  Scores scores;
  bool degraded_mode = false;
};

struct SessionSummary {
  Session session;  // its analysis is left out
  std::optional<AnalysisSummary> analysis;
};

}  // namespace speechcoach::model
