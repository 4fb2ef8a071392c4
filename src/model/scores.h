// The six scores a learner sees and the advice beside them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace speechcoach::model {

// Each 0-10, one decimal where shown.
struct Scores {
  double overall = 0.0;
  double pronunciation = 0.0;
  double prosody = 0.0;
  double emotion = 0.0;
  double confidence = 0.0;
  double fluency = 0.0;
};

enum class MiscueKind { kOmitted, kInserted, kReplaced, kRepeated };

// A difference between the sentence to be read and what was heard.
struct Miscue {
  MiscueKind kind = MiscueKind::kOmitted;
  std::string expected;  // empty for kInserted; for kRepeated the word that was said again
  std::string heard;     // empty for kOmitted
};

struct DetailedFeedback {
  std::vector<std::string> strengths;
  std::vector<std::string> improvements;
  std::string emotion_detected;  // a label: neutral, neutral_polite, enthusiastic, hesitant, nervous, flat
  std::string confidence_level;  // low, moderate, high
  std::string prosody_notes;
};

// How a feedback came about. The learner does not see it.
struct FeedbackSource {
  std::string provider;              // of the LLM; empty where rules wrote it
  std::optional<Scores> llm_scores;  // an LLM's own opinion, kept for study: never shown as the learner's scores
  std::vector<std::string> phrases;  // templates that rules used, so that the learner's next feedback takes others
};

// Vietnamese (or English, by the session's locale), addressed to the learner.
struct Feedback {
  std::string conversational;
  DetailedFeedback detailed;
  FeedbackSource source = {};
};

}  // namespace speechcoach::model
