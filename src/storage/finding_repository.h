// What the stages of an analysis hand on to each other, where they run in processes of their own.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace speechcoach::storage {

// JSON; empty where it was not found yet.
struct StageFindings {
  std::string voice;
  std::string analysis;  // all but the feedback
};

// Findings are of the recording that a session is being analysed with, and are gone once its status changes. Thread-safe; every call
// blocks. Errors: kStorageUnavailable.
class FindingRepository {
 public:
  virtual ~FindingRepository() = default;

  virtual base::Result<StageFindings> Of(std::string_view session_id) = 0;  // kSessionNotFound

  // kWrongState where the session is not being analysed with that recording any more.
  virtual base::Status KeepVoice(std::string_view session_id, std::string_view audio_key, const std::string& json) = 0;
  virtual base::Status KeepAnalysis(std::string_view session_id, std::string_view audio_key, const std::string& json) = 0;
};

}  // namespace speechcoach::storage
