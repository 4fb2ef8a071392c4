#include "pipeline/session_service.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <latch>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "audio/recording_decoder.h"
#include "base/id.h"
#include "pipeline/scripted_stages.h"
#include "storage/database.h"

namespace speechcoach::pipeline {
namespace {

using namespace std::chrono_literals;
using enum model::SessionStatus;

// A blob store whose disk can be made to fail.
class FailingBlobStore final : public storage::BlobStore {
 public:
  explicit FailingBlobStore(storage::BlobStore& real) : real_(real) {}
  std::atomic<bool> is_down = false;

  base::Status Put(std::string_view key, std::span<const std::uint8_t> bytes) override {
    return is_down ? base::Status(base::ErrorCode::kStorageUnavailable, "disk full") : real_.Put(key, bytes);
  }
  base::Result<std::vector<std::uint8_t>> Get(std::string_view key) override { return real_.Get(key); }
  base::Status Delete(std::string_view key) override { return real_.Delete(key); }

 private:
  storage::BlobStore& real_;
};

// One program run on a data folder: real database, real files, real queue; the transcriber is scripted.
struct World {
  explicit World(const std::filesystem::path& folder, const base::Config& base_config = {}) : config(base_config) {
    config.database.url = "sqlite:" + (folder / "test.db").string();
    config.audio.url = "file:" + (folder / "audio").string();
    database = std::move(storage::Database::Open(config.database)).value();
    EXPECT_TRUE(database->MigrateUp().ok());
    EXPECT_TRUE(database->SeedSentences().ok());
    files = std::move(storage::OpenBlobStore(config.audio)).value();
    blobs = std::make_unique<FailingBlobStore>(*files);
    queue = queue::MakeInProcessQueue(config.pipeline, database->jobs());
    decoder = audio::MakeRecordingDecoder(config.audio, "");
    ServiceParts parts;
    parts.sessions = &database->sessions();
    parts.sentences = &database->sentences();
    parts.blobs = blobs.get();
    parts.queue = queue.get();
    parts.decoder = decoder.get();
    parts.events = events.get();
    parts.clock = &clock;
    parts.stages = {&transcriber, &prosody, nullptr, &rules};
    service = std::make_unique<SessionService>(config, parts);
  }

  std::int64_t NewUser() { return database->users().Create({}).value().id; }

  base::Config config;
  base::SystemClock clock;
  std::unique_ptr<storage::Database> database;
  std::unique_ptr<storage::BlobStore> files;
  std::unique_ptr<FailingBlobStore> blobs;
  std::unique_ptr<SessionEvents> events = MakeSessionEvents(clock, nullptr);
  std::unique_ptr<audio::AudioDecoder> decoder;
  ScriptedTranscriber transcriber;
  prosody::SoundProsodyExtractor prosody;
  scoring::RuleFeedbackWriter rules;
  std::unique_ptr<queue::JobQueue> queue;
  std::unique_ptr<SessionService> service;
};

class SessionServiceTest : public ::testing::Test {
 protected:
  SessionServiceTest() {
    std::filesystem::create_directories(folder_);
    Restart();
  }
  ~SessionServiceTest() override {
    world_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Restart(const base::Config& config = {}) {
    world_.reset();
    world_ = std::make_unique<World>(folder_, config);
  }

  SessionService& service() { return *world_->service; }
  NewSession Practice(std::int64_t user) {
    NewSession request;
    request.user_id = user;
    request.mode = model::Mode::kSentencePractice;
    request.reference_text = "Always waiting for the next season.";
    return request;
  }
  static Recording Good() { return {"wav", TestBytes("good.wav")}; }

  model::Session Final(std::int64_t user, const std::string& id) {
    auto session = service().WaitUntilFinal(user, id, 20s);
    EXPECT_TRUE(session.ok());
    return session.ok() ? *session : model::Session{};
  }

  const std::filesystem::path folder_ = std::filesystem::path(::testing::TempDir()) / ("service_" + base::NewUuid());
  std::unique_ptr<World> world_;
};

TEST_F(SessionServiceTest, ARecordingBecomesACompletedSession) {
  ASSERT_TRUE(service().Start().ok());
  const auto user = world_->NewUser();
  const auto session = service().Create(Practice(user));
  ASSERT_TRUE(session.ok());
  const auto accepted = service().SubmitAudio(user, session->id, Good());
  ASSERT_TRUE(accepted.ok()) << accepted.error().message;
  EXPECT_EQ(accepted->status, kProcessing);
  const auto done = Final(user, session->id);
  EXPECT_EQ(done.status, kCompleted);
  ASSERT_TRUE(done.analysis.has_value());
  EXPECT_EQ(done.analysis->transcript.words.size(), 6u);
  EXPECT_EQ(service().Audio(user, session->id)->bytes, Good().bytes);
}

TEST_F(SessionServiceTest, TriedAgainOnlyWhatFailedIsDone) {
  ASSERT_TRUE(service().Start().ok());
  const auto user = world_->NewUser();
  std::atomic<int> transcriptions = 0;
  std::atomic<bool> is_broken = true;
  const auto script = world_->transcriber.script;
  world_->transcriber.script = [&](const stt::TranscribeOptions& options) -> base::Result<model::Transcript> {
    ++transcriptions;
    if (is_broken) return {base::ErrorCode::kInternal, "no memory"};
    return script(options);
  };
  const auto id = service().Create(Practice(user))->id;
  ASSERT_TRUE(service().SubmitAudio(user, id, Good()).ok());
  EXPECT_EQ(Final(user, id).status, kDegraded);
  is_broken = false;
  const auto retry = [&](bool full) {
    EXPECT_TRUE(service().Retry(user, id, full).ok());
    return Final(user, id);
  };
  EXPECT_EQ(retry(false).status, kCompleted);
  EXPECT_EQ(transcriptions, 2);
  EXPECT_EQ(retry(false).status, kCompleted) << "nothing has failed";
  EXPECT_EQ(transcriptions, 2);
  EXPECT_EQ(retry(true).status, kCompleted);
  EXPECT_EQ(transcriptions, 3);
}

TEST_F(SessionServiceTest, WatchersHearTheStagesInOrderAndTheResultOnce) {
  ASSERT_TRUE(service().Start().ok());
  const auto user = world_->NewUser();
  const auto id = service().Create(Practice(user))->id;
  std::mutex mutex;
  std::vector<std::size_t> kinds;
  const auto watching = world_->events->Subscribe(id, 0, [&](const SessionEvent& event) {
    const std::lock_guard lock(mutex);
    kinds.push_back(event.payload.index());
  });
  ASSERT_TRUE(service().SubmitAudio(user, id, Good()).ok());
  Final(user, id);
  // The result is published right after it can be read; a second subscription waits for the publisher.
  while (true) {
    const std::lock_guard lock(mutex);
    if (!kinds.empty() && kinds.back() == EventPayload(CompleteEvent{}).index()) break;
    std::this_thread::yield();
  }
  const std::lock_guard lock(mutex);
  EXPECT_EQ(std::ranges::count(kinds, EventPayload(CompleteEvent{}).index()), 1);
  EXPECT_EQ(std::ranges::count(kinds, EventPayload(TranscriptionEvent{}).index()), 1);
  EXPECT_EQ(std::ranges::count(kinds, EventPayload(ProsodyEvent{}).index()), 1);
}

TEST_F(SessionServiceTest, WhoWaitsIsToldHowManyComeBefore) {
  base::Config config;
  config.pipeline.workers = 1;
  Restart(config);
  const auto user = world_->NewUser();
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(service().Create(Practice(user))->id);
  std::vector<int> ahead;
  const auto watching = world_->events->Subscribe(ids.back(), 0, [&](const SessionEvent& event) {
    const auto* progress = std::get_if<ProgressEvent>(&event.payload);
    if (progress != nullptr && progress->ahead) ahead.push_back(*progress->ahead);
  });
  for (const std::string& id : ids) ASSERT_TRUE(service().SubmitAudio(user, id, Good()).ok());
  EXPECT_EQ(ahead, (std::vector<int>{2}));
  ASSERT_TRUE(service().Start().ok());
  EXPECT_EQ(Final(user, ids.back()).status, kCompleted);
  EXPECT_EQ(ahead, (std::vector<int>{2, 1, 0}));
}

TEST_F(SessionServiceTest, WhatDiedBetweenUploadAndAnalysisIsFinishedAfterARestart) {
  const auto user = world_->NewUser();
  const auto id = service().Create(Practice(user))->id;
  // This process never starts its workers: it takes the audio and dies.
  ASSERT_TRUE(service().SubmitAudio(user, id, Good()).ok());
  Restart();
  ASSERT_TRUE(service().Start().ok());
  EXPECT_EQ(Final(user, id).status, kCompleted);
}

TEST_F(SessionServiceTest, ARecordingThatDiedWithTheProcessIsInterrupted) {
  const auto user = world_->NewUser();
  const auto id = service().Create(Practice(user))->id;
  ASSERT_TRUE(service().BeginRecording(user, id).ok());
  Restart();
  ASSERT_TRUE(service().Start().ok());
  EXPECT_EQ(service().Get(user, id)->status, kInterrupted);
}

TEST_F(SessionServiceTest, ASessionMarkedButNotQueuedIsFoundAtTheNextStart) {
  const auto user = world_->NewUser();
  const auto id = service().Create(Practice(user))->id;
  ASSERT_TRUE(service().SubmitAudio(user, id, Good()).ok());
  ASSERT_TRUE(world_->database->jobs().Remove({"analyse", id, 0}).ok());
  Restart();
  ASSERT_TRUE(service().Start().ok());
  EXPECT_EQ(Final(user, id).status, kCompleted);
}

TEST_F(SessionServiceTest, AnUploadThatCannotBeKeptCanBeSentAgain) {
  ASSERT_TRUE(service().Start().ok());
  const auto user = world_->NewUser();
  const auto id = service().Create(Practice(user))->id;
  world_->blobs->is_down = true;
  const auto refused = service().SubmitAudio(user, id, Good());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_EQ(service().Get(user, id)->status, kAwaitingAudio);
  world_->blobs->is_down = false;
  ASSERT_TRUE(service().SubmitAudio(user, id, Good()).ok());
  EXPECT_EQ(Final(user, id).status, kCompleted);
}

TEST_F(SessionServiceTest, ARecordingThatCannotBeUsedIsRefusedAndABetterOneTaken) {
  ASSERT_TRUE(service().Start().ok());
  const auto user = world_->NewUser();
  const auto id = service().Create(Practice(user))->id;
  const auto refused = service().SubmitAudio(user, id, {"wav", {'h', 'e', 'l', 'l', 'o'}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(service().Get(user, id)->status, kAwaitingAudio);
  ASSERT_TRUE(service().SubmitAudio(user, id, Good()).ok());
  EXPECT_EQ(Final(user, id).status, kCompleted);
}

TEST_F(SessionServiceTest, SilenceFailsWithItsReasonAndTheFailureIsHeard) {
  ASSERT_TRUE(service().Start().ok());
  const auto user = world_->NewUser();
  const auto id = service().Create(Practice(user))->id;
  const std::vector<float> silence(32000, 0.0F);
  ASSERT_TRUE(service().SubmitAudio(user, id, {"wav", audio::EncodeWav(silence, 16000)}).ok());
  const auto done = Final(user, id);
  EXPECT_EQ(done.status, kFailed);
  ASSERT_TRUE(done.error.has_value());
  EXPECT_EQ(done.error->code, base::ErrorCode::kNoSpeech);
}

TEST_F(SessionServiceTest, AStageThatFailsMakesADegradedSessionThatARetryMends) {
  ASSERT_TRUE(service().Start().ok());
  const auto user = world_->NewUser();
  const auto id = service().Create(Practice(user))->id;
  world_->transcriber.script = [](const stt::TranscribeOptions&) { return base::Error{base::ErrorCode::kSttFailed, "engine"}; };
  ASSERT_TRUE(service().SubmitAudio(user, id, Good()).ok());
  EXPECT_EQ(Final(user, id).status, kDegraded);
  world_->transcriber.script = [](const stt::TranscribeOptions&) { return SomeTranscript(); };
  ASSERT_TRUE(service().Retry(user, id, false).ok());
  EXPECT_EQ(Final(user, id).status, kCompleted);
  EXPECT_EQ(service().Retry(user, id, false)->status, kCompleted) << "nothing is left to mend";
  EXPECT_EQ(service().Retry(user, id, true)->status, kProcessing);
  EXPECT_EQ(Final(user, id).status, kCompleted);
}

TEST_F(SessionServiceTest, AUserSeesOnlyTheirOwnSessions) {
  ASSERT_TRUE(service().Start().ok());
  const auto owner = world_->NewUser();
  const auto other = world_->NewUser();
  const auto id = service().Create(Practice(owner))->id;
  ASSERT_TRUE(service().SubmitAudio(owner, id, Good()).ok());
  Final(owner, id);
  const auto not_found = base::ErrorCode::kSessionNotFound;
  EXPECT_EQ(service().Get(other, id).error().code, not_found);
  EXPECT_EQ(service().Audio(other, id).error().code, not_found);
  EXPECT_EQ(service().Retry(other, id, true).error().code, not_found);
  EXPECT_EQ(service().Delete(other, id).error().code, not_found);
  EXPECT_EQ(service().SubmitAudio(other, id, Good()).error().code, not_found);
  EXPECT_EQ(service().Abandon(other, id).error().code, not_found);
  EXPECT_TRUE(service().List(other, {})->sessions.empty());
  EXPECT_EQ(service().List(owner, {})->sessions.size(), 1u);
}

TEST_F(SessionServiceTest, TheQuotaHoldsAlsoWhenAllAskAtOnce) {
  base::Config config;
  config.limits.sessions_per_hour = 5;
  Restart(config);
  const auto user = world_->NewUser();
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 12; ++i) {
      threads.emplace_back([&] {
        const auto session = service().Create(Practice(user));
        ++(session.ok() ? made : refused);
        if (!session.ok()) {
          EXPECT_EQ(session.error().code, base::ErrorCode::kSessionQuota);
        }
      });
    }
  }
  EXPECT_EQ(made, 5);
  EXPECT_EQ(refused, 7);
  EXPECT_TRUE(service().Create(Practice(world_->NewUser())).ok()) << "another user has their own quota";
}

TEST_F(SessionServiceTest, SentencePracticeNeedsASentence) {
  const auto user = world_->NewUser();
  NewSession request = Practice(user);
  request.reference_text = "  ";
  EXPECT_EQ(service().Create(request).error().code, base::ErrorCode::kBadField);
  request.reference_text = "...";
  EXPECT_EQ(service().Create(request).error().code, base::ErrorCode::kBadField);
  request.reference_text = "\xFF abc";
  EXPECT_EQ(service().Create(request).error().code, base::ErrorCode::kBadField);
  request.reference_text = std::string(1001, 'a');
  EXPECT_EQ(service().Create(request).error().code, base::ErrorCode::kBadField);
  request.sentence_id = 999'999;
  EXPECT_EQ(service().Create(request).error().code, base::ErrorCode::kNotFound);
  request.sentence_id = 1;
  const auto session = service().Create(request);
  ASSERT_TRUE(session.ok());
  EXPECT_FALSE(session->reference_text.empty());
}

TEST_F(SessionServiceTest, DeleteTakesTheAudioWithIt) {
  ASSERT_TRUE(service().Start().ok());
  const auto user = world_->NewUser();
  const auto id = service().Create(Practice(user))->id;
  ASSERT_TRUE(service().SubmitAudio(user, id, Good()).ok());
  const std::string key = Final(user, id).audio_key;
  ASSERT_TRUE(service().Delete(user, id).ok());
  EXPECT_EQ(service().Get(user, id).error().code, base::ErrorCode::kSessionNotFound);
  EXPECT_EQ(world_->files->Get(key).error().code, base::ErrorCode::kNotFound);
}

TEST_F(SessionServiceTest, AnAnalysisThatAlwaysDiesIsGivenUp) {
  base::Config config;
  config.pipeline.max_attempts = 2;
  const auto user = world_->NewUser();
  const auto id = service().Create(Practice(user))->id;
  ASSERT_TRUE(service().SubmitAudio(user, id, Good()).ok());
  // What two processes that died while they analysed leave behind.
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(world_->database->jobs().CountAttempt({"analyse", id, 0}).ok());
  Restart(config);
  ASSERT_TRUE(service().Start().ok());
  const auto done = Final(user, id);
  EXPECT_EQ(done.status, kFailed);
  EXPECT_EQ(done.error->code, base::ErrorCode::kInternal);
}

TEST_F(SessionServiceTest, ARecordingIsTakenOnce) {
  ASSERT_TRUE(service().Start().ok());
  const auto user = world_->NewUser();
  const auto id = service().Create(Practice(user))->id;
  std::atomic<int> accepted = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { accepted += service().SubmitAudio(user, id, Good()).ok() ? 1 : 0; });
  }
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(Final(user, id).status, kCompleted);
  EXPECT_EQ(service().Audio(user, id)->bytes, Good().bytes);
  int blobs = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "audio"))
    blobs += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(blobs, 1) << "what the others sent is not left behind";
}

}  // namespace
}  // namespace speechcoach::pipeline
