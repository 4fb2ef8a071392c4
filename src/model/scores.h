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

// One measured value and which way it speaks: -1 calm, displeased .. 1 excited, pleased.
struct EmotionCue {
  std::string
      name;  // "pitch_spread_st", "dynamic_range", "articulation_rate", "level", "hesitation", "filled_pauses", "pitch_stability"
  double value = 0.0;
  double arousal = 0.0;
  double valence = 0.0;
};

// What the voice sounds like, with the evidence for it; never what somebody feels. scoring/emotion.h says how it is made.
struct Emotion {
  std::string label = "neutral";  // neutral, neutral_polite, enthusiastic, hesitant, nervous, flat
  double arousal = 0.0;           // [-1, 1]
  double valence = 0.0;           // [-1, 1]
  double certainty = 0.0;         // [0, 0.7]; 0 where too little is voiced
  std::vector<EmotionCue> cues;   // empty without speech
};

struct DetailedFeedback {
  std::vector<std::string> strengths;
  std::vector<std::string> improvements;
  std::string emotion_detected;  // emotion.label
  std::string confidence_level;  // low, moderate, high
  std::string prosody_notes;
  Emotion emotion{};
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
