// The graph of stages on one recording: (speech to text || prosody) -> pronunciation -> scoring -> feedback. The only place stages meet.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/audio_clip.h"
#include "model/session.h"
#include "pronunciation/assessor.h"
#include "pronunciation/live_hints.h"
#include "prosody/live_prosody.h"
#include "prosody/prosody_extractor.h"
#include "scoring/feedback_writer.h"
#include "stt/live_transcriber.h"
#include "stt/speech_encoder.h"
#include "stt/transcriber.h"

namespace speechcoach::pipeline {

// Not owned; all outlive the calls. `llm` is null where none is configured.
struct Stages {
  stt::Transcriber* transcriber = nullptr;
  prosody::ProsodyExtractor* prosody = nullptr;
  scoring::FeedbackWriter* llm = nullptr;  // may answer kModelUnavailable: then it is as if there were none
  scoring::FeedbackWriter* rules = nullptr;
  stt::LiveTranscriber* live = nullptr;                    // null: nothing is heard before the end
  const pronunciation::Assessor* pronunciation = nullptr;  // null where the program holds no parameters
  stt::SpeechEncoder* encoder = nullptr;                   // asked where the transcriber gives no evidence; may be null
  prosody::LiveProsody* live_prosody = nullptr;            // null: no melody is heard before the end
  const pronunciation::HintFinder* hints = nullptr;        // null: nothing is said of sounds before the end
  model::RatingCalibration calibration = {};               // of the scores that rest on pronunciation's ratings
};

// What a stage measured of the voice, and how long it took.
struct MeasuredVoice {
  model::ProsodyReport report;
  int ms = 0;
};

struct AnalysisRequest {
  model::Mode mode = model::Mode::kConversation;
  model::Locale locale = model::Locale::kVi;
  std::string reference_text;
  int decode_ms = 0;       // what decoding took, for the stage times
  std::string level = {};  // the rest is for the feedback, as in scoring::Evidence
  std::optional<scoring::LearnerHistory> history = {};
  std::string session_id = {};
  // What an earlier run found in the same recording, where it is analysed again: only what failed in it is done anew, and told.
  std::optional<model::Analysis> previous = {};
  std::int64_t user_id = 0;  // whom a language model's calls are counted for; 0: nobody
  // Where another process measures the voice meanwhile: what it found, asked for once the words are there; nothing: it is measured here after
  // all. Absent: it is measured here, beside the words.
  std::function<std::optional<MeasuredVoice>()> voice = {};
};

// Called from the stages' threads, one call at a time.
struct AnalysisObserver {
  std::function<void(int percent, model::Stage stage)> on_progress = [](int, model::Stage) {};
  std::function<void(const model::Transcript&)> on_transcript = [](const model::Transcript&) {};
  std::function<void(const model::ProsodyReport&)> on_prosody = [](const model::ProsodyReport&) {};
  std::function<void(const model::PronunciationReport&)> on_pronunciation = [](const model::PronunciationReport&) {};
  // The talk's sentences while a language model still writes them; after a restart what came before is void.
  std::function<void(std::string_view sentence)> on_feedback_delta = [](std::string_view) {};
  std::function<void()> on_feedback_restart = [] {};
  std::function<void(const model::StageFailure&)> on_failure = [](const model::StageFailure&) {};
};

// A stage that fails is replaced by something simpler and listed in Analysis::failures: no transcript -> scores from the
// voice alone; no pronunciation -> scores from the transcript; no prosody -> minimal features; no LLM -> rules, degraded_mode. Blocks; thread-safe.
// Errors: kNoSpeech (nobody speaks in the recording, or no word could be made out), kCancelled, kInternal (neither words
// nor voice could be analysed).
base::Result<model::Analysis> AnalyseRecording(const model::AudioClip& clip, const AnalysisRequest& request, const Stages& stages,
                                               const AnalysisObserver& observer, std::stop_token stop = {});

// Its two halves, for processes that share the work. The first gives everything but feedback; its errors are those of the whole. The second
// needs no recording and no earlier result. Errors of the second: kCancelled.
base::Result<model::Analysis> MeasureRecording(const model::AudioClip& clip, const AnalysisRequest& request, const Stages& stages,
                                               const AnalysisObserver& observer, std::stop_token stop = {});
base::Result<model::Analysis> AdviseOn(model::Analysis measured, const AnalysisRequest& request, const Stages& stages,
                                       const AnalysisObserver& observer, std::stop_token stop = {});

}  // namespace speechcoach::pipeline
