// A practice session: one row of speech_practice_sessions and the analysis it holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/pronunciation_report.h"
#include "model/prosody_report.h"
#include "model/scores.h"
#include "model/transcript.h"

namespace speechcoach::model {

enum class Mode { kConversation, kSentencePractice };
enum class Locale { kVi, kEn };

enum class SessionStatus {
  kCreated,
  kRecording,
  kInterrupted,
  kAwaitingAudio,
  kProcessing,
  kCompleted,
  kDegraded,
  kFailed,
  kAbandoned,
};

enum class Stage { kListening, kTranscribing, kProsody, kScoring, kFeedback };

// The names used on the wire and in the database ("sentence_practice", "awaiting_audio", "vi", ...).
std::string_view Name(Mode mode);
std::string_view Name(Locale locale);
std::string_view Name(SessionStatus status);
std::string_view Name(Stage stage);
std::optional<Mode> ModeFromName(std::string_view name);
std::optional<Locale> LocaleFromName(std::string_view name);
std::optional<SessionStatus> SessionStatusFromName(std::string_view name);
std::optional<Stage> StageFromName(std::string_view name);

// completed, degraded, failed or abandoned: nothing more happens unless the learner asks for a retry.
bool IsFinal(SessionStatus status);

// A stage that could not do its work, and what the learner got instead.
struct StageFailure {
  Stage stage = Stage::kTranscribing;
  base::Error error;
};

struct StageTimes {
  int decode_ms = 0;
  int stt_ms = 0;
  int prosody_ms = 0;
  int scoring_ms = 0;
  int feedback_ms = 0;
  int total_ms = 0;
  int text_ms = 0;  // of the above: the speech model's reading of the sentence, for the judgement of its sounds
};

// Everything the pipeline found out about one recording.
struct Analysis {
  double audio_duration_s = 0.0;
  bool audio_truncated = false;
  Transcript transcript;  // empty where transcription failed
  ProsodyReport prosody;
  std::vector<Miscue> miscues;                       // sentence practice only
  std::optional<PronunciationReport> pronunciation;  // absent where it could not be measured
  Scores scores;
  Feedback feedback;
  bool degraded_mode = false;          // an LLM was configured and could not answer
  std::string llm_provider;            // empty where rules wrote the feedback
  std::vector<StageFailure> failures;  // stages that were replaced by something simpler
  StageTimes times;
};

struct Session {
  std::string id;  // UUID
  std::int64_t user_id = 0;
  Mode mode = Mode::kConversation;
  Locale locale = Locale::kVi;
  std::optional<std::int64_t> sentence_id;
  std::string reference_text;  // empty in conversation mode
  SessionStatus status = SessionStatus::kCreated;
  std::string audio_key;     // in the blob store; empty where no audio is kept
  std::string audio_format;  // "wav", "webm_opus", "ogg_opus", "mp3", "m4a", "flac"
  std::int64_t audio_size_bytes = 0;
  std::optional<base::Error> error;  // why it failed
  std::optional<Analysis> analysis;  // once completed or degraded
  std::int64_t created_at_ms = 0;    // UTC, since the epoch
  std::int64_t completed_at_ms = 0;  // 0 until final
};

}  // namespace speechcoach::model
