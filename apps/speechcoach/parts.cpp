#include "parts.h"

#include <algorithm>

#include "audio/recording_decoder.h"
#include "base/log.h"
#include "pipeline/redis_session_events.h"
#include "pipeline/session_jobs.h"
#include "spool/redis_spool.h"
#include "stt/make_transcriber.h"
#include "watch.h"

namespace speechcoach::app {

std::filesystem::path ProgramDir() { return std::filesystem::read_symlink("/proc/self/exe").parent_path(); }

std::unique_ptr<audio::AudioDecoder> MakeDecoder(const base::Config& config) {
  return audio::MakeRecordingDecoder(config.audio, ProgramDir() / "speechcoach-decode");
}

namespace {

// What listens does not wait for those who decode whole recordings, nor keep them waiting.
std::unique_ptr<audio::AudioDecoder> MakeLiveDecoder(const base::Config& config) {
  constexpr int kPatienceMs = 1000;
  base::AudioConfig audio = config.audio;
  audio.decode_processes = 1;
  audio.decode_timeout_ms = std::min(audio.decode_timeout_ms, kPatienceMs);
  return audio::MakeRecordingDecoder(audio, ProgramDir() / "speechcoach-decode");
}

// Where there is a broker its Redis, which servers share anyway; a folder where one is named, or nothing else is there.
base::Result<std::unique_ptr<spool::AudioSpool>> OpenSpool(const base::Config& config, const SharedParts& parts) {
  const std::int64_t max_bytes = config.live.spool_max_mb * 1024LL * 1024;
  if (config.live.spool_dir.empty()) {
    spool::RedisSpoolOptions options;
    options.max_bytes = max_bytes;
    return spool::MakeRedisSpool(options, *parts.redis, *parts.blobs, parts.clock);
  }
  spool::FileSpoolOptions options{.folder = config.live.spool_dir, .max_bytes = max_bytes};
  options.segment_bytes = std::clamp<std::int64_t>(max_bytes / 16, 64LL << 20, 256LL << 20);
  return spool::OpenFileSpool(options, parts.clock);
}

}  // namespace

pipeline::Stages AnalysisParts::Stages() {
  return {transcriber.get(),   &prosody,      nullptr,       &rules,      live.get(),
          pronunciation.get(), encoder.get(), &live_prosody, hints.get(), {}};
}

std::unique_ptr<AnalysisParts> MakeAnalysisPartsWithoutSpeech(const base::Config& config) {
  auto parts = std::make_unique<AnalysisParts>();
  parts->decoder = MakeDecoder(config);
  return parts;
}

base::Result<std::unique_ptr<AnalysisParts>> MakeAnalysisParts(const base::Config& config) {
  auto parts = MakeAnalysisPartsWithoutSpeech(config);
  auto transcriber = stt::MakeTranscriber(config, ProgramDir());
  if (!transcriber.ok()) return transcriber.error();
  parts->transcriber = std::move(*transcriber);
  parts->live = stt::MakeLiveTranscriber(*parts->transcriber);
  parts->encoder = stt::MakeSpeechEncoder(config, ProgramDir());
  auto assessor = pronunciation::MakeAssessor();
  if (assessor.ok()) {
    parts->pronunciation = std::move(*assessor);
    if (auto hints = pronunciation::MakeHintFinder(); hints.ok()) parts->hints = std::move(*hints);
  } else {
    base::Log(base::LogLevel::kWarning, "pronunciation is scored from the transcript: " + assessor.error().message);
  }
  return parts;
}

base::Result<std::unique_ptr<storage::Database>> OpenDatabase(const base::Config& config) {
  return storage::Database::Open(config.database);
}

base::Status OpenSharedParts(const base::Config& config, const queue::CeleryJobOptions& worker, SharedParts& parts) {
  if (!config.broker.url.empty()) {
    const auto server = redis::ParseUrl(config.broker.url);
    if (!server.ok()) return server.error();
    parts.redis = std::make_unique<redis::Client>(*server);
    if (const auto answer = parts.redis->Run(redis::Command{"PING"}); !answer.ok()) return answer.error();
  }
  auto database = OpenDatabase(config);
  if (!database.ok()) return database.error();
  parts.database = std::move(*database);
  if (const base::Status migrated = parts.database->MigrateUp(); !migrated.ok()) return migrated;
  auto llm = llm::LlmService::Make(config, parts.database->llm(), parts.clock, &parts.metrics);
  if (!llm.ok()) return llm.error();
  parts.llm = std::move(*llm);
  parts.progress = std::make_unique<pipeline::ProgressKeeper>(parts.database->progress(), parts.database->accounts());
  auto blobs = storage::OpenBlobStore(config.audio);
  if (!blobs.ok()) return blobs.error();
  parts.blobs = std::move(*blobs);
  parts.retention = std::make_unique<pipeline::Retention>(
      config.privacy,
      pipeline::RetentionParts{&parts.database->retention(), &parts.database->sessions(), &parts.database->turns(),
                               &parts.database->accounts(), parts.blobs.get(), parts.progress.get(), &parts.clock});
  queue::CeleryJobOptions jobs = worker;
  jobs.routes = pipeline::StageRoutes();
  parts.queue = parts.redis ? queue::MakeCeleryJobQueue(config, *parts.redis, jobs)
                            : queue::MakeInProcessQueue(config.pipeline, parts.database->jobs());
  WatchParts(config, parts);
  return {};
}

base::Result<std::unique_ptr<ServiceWorld>> MakeServiceWorld(const base::Config& config, const queue::CeleryJobOptions& worker,
                                                             bool judges_sounds) {
  auto world = std::make_unique<ServiceWorld>();

  // The cheap parts first: a mistake in them shows before the model is loaded.
  if (const base::Status opened = OpenSharedParts(config, worker, *world); !opened.ok()) return opened.error();
  if (const base::Status seeded = world->database->SeedSentences(); !seeded.ok()) return seeded.error();
  world->llm_writer = std::make_unique<advice::LlmFeedbackWriter>(world->llm->provider());

  auto spool = OpenSpool(config, *world);
  if (!spool.ok()) return spool.error();
  world->spool = std::move(*spool);

  const bool is_worker = !worker.slots.empty();
  if (is_worker && !worker.slots.contains(pipeline::kSpeechQueue)) {
    world->analysis = MakeAnalysisPartsWithoutSpeech(config);
  } else {
    auto analysis = MakeAnalysisParts(config);
    if (!analysis.ok()) return analysis.error();
    world->analysis = std::move(*analysis);
  }
  if (!judges_sounds) world->analysis->pronunciation.reset();

  world->voice = voice::MakeFliteVoice();
  world->speaker = std::make_unique<pipeline::ModelSpeaker>(*world->voice, world->analysis->prosody);

  world->events = world->redis ? pipeline::MakeRedisEvents(*world->redis, world->clock)
                               : pipeline::MakeSessionEvents(world->clock, &world->database->events());

  world->partner = std::make_unique<advice::LlmDialoguePartner>(world->llm->provider());
  world->conversations =
      std::make_unique<pipeline::Conversations>(world->database->turns(), *world->partner, *world->events, world->clock);

  pipeline::ServiceParts parts;
  parts.sessions = &world->database->sessions();
  parts.sentences = &world->database->sentences();
  parts.blobs = world->blobs.get();
  parts.queue = world->queue.get();
  parts.decoder = world->analysis->decoder.get();
  if (!is_worker) world->live_decoder = MakeLiveDecoder(config);
  parts.live_decoder = world->live_decoder.get();
  parts.events = world->events.get();
  parts.clock = &world->clock;
  parts.progress = world->progress.get();
  parts.conversations = world->conversations.get();
  parts.metrics = &world->metrics;
  parts.findings = &world->database->findings();
  parts.guardians = &world->database->guardians();
  parts.stages = world->analysis->Stages();
  const auto calibration = world->database->ratings().Calibration();
  if (!calibration.ok()) return calibration.error();
  parts.stages.calibration = *calibration;
  parts.stages.llm = world->llm_writer.get();
  world->service = std::make_unique<pipeline::SessionService>(config, parts);
  world->live = std::make_unique<pipeline::LiveRecordings>(
      config,
      pipeline::LiveParts{world->service.get(), parts.sessions, &world->database->events(), world->spool.get(), &world->clock});
  return world;
}

}  // namespace speechcoach::app
