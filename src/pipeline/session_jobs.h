// The jobs that an analysis consists of.
#pragma once

#include <string_view>
#include <vector>

#include "queue/job_queue.h"

namespace speechcoach::pipeline {

// Of their spans, and of those that lead to them.
inline constexpr std::string_view kSessionIdAttribute = "speechcoach.session_id";

// All of it, where one process does everything.
inline constexpr const char* kAnalyseJob = "analyse";

// Its stages, where processes share the work. Each looks first at what is done, and sends the next.
inline constexpr const char* kTranscribeJob = "transcribe";   // words, sounds and scores
inline constexpr const char* kMeasureVoiceJob = "extract";    // beside it; where it is not done in time, the former does it
inline constexpr const char* kWriteFeedbackJob = "feedback";  // the coach's words
inline constexpr const char* kUpdateProgressJob = "update";   // counts the session, and tells that it is over

inline constexpr const char* kSpeechQueue = "stt";
inline constexpr const char* kVoiceQueue = "prosody";
inline constexpr const char* kFeedbackQueue = "llm";
inline constexpr const char* kProgressQueue = "analytics";

// The stages' queues and tasks; the first is that of new recordings.
inline std::vector<queue::JobRoute> StageRoutes() {
  return {{kTranscribeJob, kSpeechQueue, "speechcoach.stt.transcribe"},
          {kMeasureVoiceJob, kVoiceQueue, "speechcoach.prosody.extract"},
          {kWriteFeedbackJob, kFeedbackQueue, "speechcoach.llm.feedback"},
          {kUpdateProgressJob, kProgressQueue, "speechcoach.analytics.update"}};
}

}  // namespace speechcoach::pipeline
