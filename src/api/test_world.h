// For tests: everything behind the sockets, real but for the transcriber, in a folder of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "api/server.h"
#include "audio/recording_decoder.h"
#include "pipeline/session_service.h"
#include "queue/job_queue.h"
#include "storage/database.h"
#include "storage/temporary_database.h"

namespace speechcoach::api {

class ScriptedTranscriber final : public stt::Transcriber {
 public:
  std::function<base::Result<model::Transcript>()> script = [] {
    return model::Transcript{"Always waiting.", {{"Always", 0.3, 0.7, 0.9}, {"waiting.", 0.7, 1.1, 0.9}}, 0.9, "scripted", false};
  };
  base::Result<model::Transcript> Transcribe(const model::AudioClip&, const stt::TranscribeOptions&) override { return script(); }
};

// Measures as the program does, or fails.
class SwitchableProsody final : public prosody::ProsodyExtractor {
 public:
  std::atomic<bool> is_broken = false;
  base::Result<model::ProsodyReport> Extract(const model::AudioClip& clip) override {
    if (is_broken) return {base::ErrorCode::kProsodyFailed, "scripted"};
    return real_.Extract(clip);
  }

 private:
  prosody::SoundProsodyExtractor real_;
};

// `change` may set the configuration before the parts are made; with `hears_live` there are partial transcripts and live melody.
class TestWorld {
 public:
  explicit TestWorld(const std::function<void(base::Config&)>& change = {}, bool hears_live = false) {
    config.data_dir = folder_.path().string();
    config.server.port = 0;
    config.audio.url = "file:" + (folder_.path() / "audio").string();
    config.database.url = "sqlite:" + (folder_.path() / "test.db").string();
    if (change) change(config);
    database = storage::Database::Open(config.database).value();
    database->MigrateUp().ok();
    database->SeedSentences().ok();
    progress = std::make_unique<pipeline::ProgressKeeper>(database->progress(), database->accounts());
    blobs = storage::OpenBlobStore(config.audio).value();
    retention = std::make_unique<pipeline::Retention>(
        config.privacy, pipeline::RetentionParts{&database->retention(), &database->sessions(), &database->turns(),
                                                 &database->accounts(), blobs.get(), progress.get(), &clock});
    events = pipeline::MakeSessionEvents(clock, &database->events());
    spool = spool::OpenFileSpool({.folder = folder_.path() / "spool"}, clock).value();
    queue = queue::MakeInProcessQueue(config.pipeline, database->jobs());
    decoder = audio::MakeRecordingDecoder(config.audio, "");
    pipeline::ServiceParts parts;
    parts.sessions = &database->sessions();
    parts.sentences = &database->sentences();
    parts.blobs = blobs.get();
    parts.queue = queue.get();
    parts.decoder = decoder.get();
    parts.events = events.get();
    parts.clock = &clock;
    parts.progress = progress.get();
    parts.guardians = &database->guardians();
    parts.stages = {&transcriber, &prosody, nullptr, &rules};
    if (hears_live) live = stt::MakeLiveTranscriber(transcriber);
    if (hears_live) parts.stages.live_prosody = &voice;
    parts.stages.live = live.get();
    parts.live_patience = std::chrono::hours(1);  // a loaded machine may starve the thread that listens
    service = std::make_unique<pipeline::SessionService>(config, parts);
    service->Start().ok();
    live_recordings = std::make_unique<pipeline::LiveRecordings>(
        config, pipeline::LiveParts{service.get(), &database->sessions(), &database->events(), spool.get(), &clock});
  }
  ~TestWorld() { service->Stop(std::chrono::seconds(5)); }

  ApiParts Parts() {
    return {.service = service.get(),
            .live = live_recordings.get(),
            .events = events.get(),
            .users = &database->users(),
            .accounts = &database->accounts(),
            .progress = &database->progress(),
            .keeper = progress.get(),
            .retention = retention.get(),
            .sentences = &database->sentences(),
            .classes = &database->classes(),
            .idempotency = &database->idempotency(),
            .disputes = &database->disputes(),
            .product = &database->product(),
            .ratings = &database->ratings(),
            .guardians = &database->guardians(),
            .challenges = &database->challenges(),
            .clock = &clock,
            .ready = [] { return base::Status(); }};
  }
  std::int64_t NewUser() { return database->users().Create({}).value().id; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  // A file of tests/data.
  static std::vector<std::uint8_t> Recording(const std::string& name) {
    std::ifstream file(std::filesystem::path(SPEECHCOACH_TEST_DATA) / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  storage::TemporaryFolder folder_;

 public:
  base::Config config;
  base::SystemClock clock;
  std::unique_ptr<storage::Database> database;
  std::unique_ptr<pipeline::ProgressKeeper> progress;
  std::unique_ptr<storage::BlobStore> blobs;
  std::unique_ptr<pipeline::Retention> retention;
  std::unique_ptr<spool::AudioSpool> spool;
  std::unique_ptr<pipeline::SessionEvents> events;
  std::unique_ptr<audio::AudioDecoder> decoder;
  ScriptedTranscriber transcriber;
  std::unique_ptr<stt::LiveTranscriber> live;
  prosody::LiveProsody voice;
  SwitchableProsody prosody;
  scoring::RuleFeedbackWriter rules;
  std::unique_ptr<queue::JobQueue> queue;
  std::unique_ptr<pipeline::SessionService> service;
  std::unique_ptr<pipeline::LiveRecordings> live_recordings;
};

}  // namespace speechcoach::api
