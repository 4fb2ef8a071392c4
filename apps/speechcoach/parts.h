// The one place where concrete parts are named: configuration -> everything that runs, wired by hand.
#pragma once

#include <filesystem>
#include <memory>

#include "advice/llm_dialogue_partner.h"
#include "advice/llm_feedback_writer.h"
#include "audio/audio_decoder.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/result.h"
#include "llm/llm_service.h"
#include "metrics/metrics.h"
#include "pipeline/conversations.h"
#include "pipeline/live_recordings.h"
#include "pipeline/model_speech.h"
#include "pipeline/retention.h"
#include "pipeline/session_events.h"
#include "pipeline/session_service.h"
#include "pronunciation/assessor.h"
#include "pronunciation/live_hints.h"
#include "prosody/live_prosody.h"
#include "prosody/prosody_extractor.h"
#include "queue/celery/celery_job_queue.h"
#include "queue/job_queue.h"
#include "redis/client.h"
#include "scoring/feedback_writer.h"
#include "spool/audio_spool.h"
#include "storage/database.h"
#include "stt/live_transcriber.h"
#include "stt/speech_encoder.h"
#include "stt/transcriber.h"
#include "voice/model_voice.h"

namespace speechcoach::app {

// The folder of the running program; its helpers, models and web page are found from there.
std::filesystem::path ProgramDir();

std::unique_ptr<audio::AudioDecoder> MakeDecoder(const base::Config& config);

// The analysis alone: what `analyze` needs.
struct AnalysisParts {
  std::unique_ptr<audio::AudioDecoder> decoder;
  std::unique_ptr<stt::Transcriber> transcriber;
  std::unique_ptr<stt::LiveTranscriber> live;
  prosody::SoundProsodyExtractor prosody;
  prosody::LiveProsody live_prosody;
  scoring::RuleFeedbackWriter rules;
  std::unique_ptr<stt::SpeechEncoder> encoder;
  std::unique_ptr<pronunciation::Assessor> pronunciation;  // null where the program was built without its parameters
  std::unique_ptr<pronunciation::HintFinder> hints;        // likewise

  pipeline::Stages Stages();
};

// Loads the speech model: some hundred milliseconds. Errors: kModelUnavailable.
base::Result<std::unique_ptr<AnalysisParts>> MakeAnalysisParts(const base::Config& config);
// The same for a process that transcribes nothing: without the speech model and what needs it.
std::unique_ptr<AnalysisParts> MakeAnalysisPartsWithoutSpeech(const base::Config& config);

// What every process of an installation has: the store, the language models, the queue. Members are destroyed in reverse: nothing
// outlives what it uses.
struct SharedParts {
  base::SystemClock clock;
  metrics::Metrics metrics{SPEECHCOACH_VERSION};
  std::unique_ptr<storage::Database> database;
  std::unique_ptr<llm::LlmService> llm;
  std::unique_ptr<pipeline::ProgressKeeper> progress;
  std::unique_ptr<storage::BlobStore> blobs;
  std::unique_ptr<pipeline::Retention> retention;
  std::unique_ptr<redis::Client> redis;  // null where there is no broker
  std::unique_ptr<queue::JobQueue> queue;
};

// Opens them, migrates the database and watches them. `worker` says how this process works for the broker, where the configuration names one.
base::Status OpenSharedParts(const base::Config& config, const queue::CeleryJobOptions& worker, SharedParts& parts);

// Analysis and sessions besides: what `serve` needs besides the sockets, and a worker.
struct ServiceWorld : SharedParts {
  std::unique_ptr<AnalysisParts> analysis;
  std::unique_ptr<advice::LlmFeedbackWriter> llm_writer;
  std::unique_ptr<voice::ModelVoice> voice;
  std::unique_ptr<pipeline::ModelSpeaker> speaker;
  std::unique_ptr<pipeline::SessionEvents> events;
  std::unique_ptr<advice::LlmDialoguePartner> partner;
  std::unique_ptr<audio::AudioDecoder> live_decoder;
  std::unique_ptr<pipeline::Conversations> conversations;
  std::unique_ptr<spool::AudioSpool> spool;
  std::unique_ptr<pipeline::SessionService> service;
  std::unique_ptr<pipeline::LiveRecordings> live;
};

// Opens the shared parts and puts in the practice sentences. Starts nothing yet.
base::Result<std::unique_ptr<ServiceWorld>> MakeServiceWorld(const base::Config& config,
                                                             const queue::CeleryJobOptions& worker = {},
                                                             bool judges_sounds = true);

// The database of the configuration, its schema as it is. Errors: as storage::Database::Open.
base::Result<std::unique_ptr<storage::Database>> OpenDatabase(const base::Config& config);

}  // namespace speechcoach::app
