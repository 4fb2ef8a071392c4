#include "pipeline/live_recordings.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "audio/recording_decoder.h"
#include "base/id.h"
#include "pipeline/scripted_stages.h"
#include "storage/database.h"
#include "storage/temporary_database.h"

namespace speechcoach::pipeline {
namespace {

using namespace std::chrono_literals;
using enum model::SessionStatus;

constexpr AudioSource kSource{StreamFormat::kPcmS16, 16000};

// One server process: its spool ends with it, as if it had been killed, but for what it kept.
struct Process {
  Process(const std::filesystem::path& folder, const base::Clock& clock) {
    config.database.url = "sqlite:" + (folder / "test.db").string();
    config.audio.url = "file:" + (folder / "audio").string();
    config.live.resume_window_s = 60;
    database = storage::Database::Open(config.database).value();
    database->MigrateUp().ok();
    blobs = storage::OpenBlobStore(config.audio).value();
    events = MakeSessionEvents(clock, &database->events());
    queue = queue::MakeInProcessQueue(config.pipeline, database->jobs());
    decoder = audio::MakeRecordingDecoder(config.audio, "");
    spool = spool::OpenFileSpool({.folder = folder / "spool"}, clock).value();
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
    live = std::make_unique<LiveRecordings>(config,
                                            LiveParts{service.get(), parts.sessions, &database->events(), spool.get(), &clock});
  }
  ~Process() { service->Stop(5s); }

  base::Config config;
  std::unique_ptr<storage::Database> database;
  std::unique_ptr<storage::BlobStore> blobs;
  std::unique_ptr<SessionEvents> events;
  std::unique_ptr<audio::AudioDecoder> decoder;
  ScriptedTranscriber transcriber;
  prosody::SoundProsodyExtractor prosody;
  scoring::RuleFeedbackWriter rules;
  std::unique_ptr<queue::JobQueue> queue;
  std::unique_ptr<spool::AudioSpool> spool;
  std::unique_ptr<SessionService> service;
  std::unique_ptr<LiveRecordings> live;
};

class LiveRecordingsTest : public ::testing::Test {
 protected:
  LiveRecordingsTest() {
    const std::vector<std::uint8_t> wav = TestBytes("good.wav");
    pcm_.assign(wav.begin() + 44, wav.end());
    user_ = first_.database->users().Create({}).value().id;
  }

  std::string NewSession() {
    pipeline::NewSession wanted;
    wanted.user_id = user_;
    return first_.service->Create(wanted).value().id;
  }
  std::span<const std::uint8_t> Part(std::uint32_t seq) const {
    const std::size_t begin = std::min<std::size_t>(seq * kChunk, pcm_.size());
    return std::span(pcm_).subspan(begin, std::min(kChunk, pcm_.size() - begin));
  }
  std::uint32_t Parts() const { return static_cast<std::uint32_t>((pcm_.size() + kChunk - 1) / kChunk); }
  model::SessionStatus StatusOf(const std::string& id) { return second_.service->Get(user_, id)->status; }
  std::unique_ptr<spool::StreamWriter> BeginAndSend(const std::string& id, std::uint32_t parts) {
    auto writer = std::move(first_.live->Begin(user_, id, kSource, [](const auto&) {}).value().writer);
    for (std::uint32_t seq = 0; seq < parts; ++seq) EXPECT_TRUE(writer->Append(seq, Part(seq)).ok());
    EXPECT_TRUE(first_.spool->Read({id}).ok());
    return writer;
  }

  static constexpr std::size_t kChunk = 3200;
  storage::TemporaryFolder folder_;
  base::ManualClock clock_{1'800'000'000'000};
  Process first_{folder_.path(), clock_};
  Process second_{folder_.path(), clock_};
  std::vector<std::uint8_t> pcm_;
  std::int64_t user_ = 0;
};

TEST_F(LiveRecordingsTest, AnotherProcessContinuesAndHandsItIn) {
  ASSERT_TRUE(second_.service->Start().ok());
  const std::string id = NewSession();
  const auto lost = BeginAndSend(id, 5);
  auto continued = second_.live->Continue(user_, id, [](const auto&) {});
  ASSERT_TRUE(continued.ok());
  ASSERT_TRUE(continued->stream);
  EXPECT_EQ(continued->stream->source, kSource);
  EXPECT_EQ(continued->stream->content.next_seq(), 5u);
  for (std::uint32_t seq = 5; seq < Parts(); ++seq) ASSERT_TRUE(continued->stream->writer->Append(seq, Part(seq)).ok());
  EXPECT_EQ(second_.live->Submit(user_, id).error().code, base::ErrorCode::kWrongState) << "its end is not known";
  ASSERT_TRUE(continued->stream->writer->Seal(Parts() - 1).ok());
  // The process before notices only now that its connection was lost.
  ASSERT_TRUE(first_.live->Interrupt(user_, id).ok());
  ASSERT_TRUE(second_.live->Submit(user_, id).ok());
  EXPECT_EQ(second_.service->WaitUntilFinal(user_, id, 30s)->status, kCompleted);
  const auto kept = second_.service->Audio(user_, id);
  EXPECT_TRUE(std::equal(pcm_.begin(), pcm_.end(), kept->bytes.begin() + 44, kept->bytes.end()));
  EXPECT_FALSE(second_.live->Continue(user_, id, [](const auto&) {})->stream);
}

TEST_F(LiveRecordingsTest, OthersCannotContinueIt) {
  const std::string id = NewSession();
  const auto writer = BeginAndSend(id, 1);
  const auto other = second_.database->users().Create({}).value().id;
  EXPECT_EQ(second_.live->Continue(other, id, [](const auto&) {}).error().code, base::ErrorCode::kSessionNotFound);
}

TEST_F(LiveRecordingsTest, WhatNobodyContinuesExpires) {
  const std::string id = NewSession();
  BeginAndSend(id, 2).reset();
  ASSERT_TRUE(first_.live->Interrupt(user_, id).ok());
  first_.live->ClearAway();
  EXPECT_EQ(StatusOf(id), kInterrupted);
  clock_.Advance(61s);
  first_.live->ClearAway();
  EXPECT_EQ(StatusOf(id), kAbandoned);
  EXPECT_EQ(second_.live->Continue(user_, id, [](const auto&) {}).error().code, base::ErrorCode::kSessionExpired);
  EXPECT_FALSE(first_.spool->Find({id}));
}

TEST_F(LiveRecordingsTest, ALostProcessesRecordingExpiresAtAnother) {
  const std::string id = NewSession();
  const auto writer = BeginAndSend(id, 2);
  second_.live->ClearAway();
  clock_.Advance(61s);
  second_.live->ClearAway();
  EXPECT_EQ(StatusOf(id), kAbandoned);
}

TEST_F(LiveRecordingsTest, OneThatGoesOnDoesNotExpire) {
  const std::string id = NewSession();
  const auto writer = BeginAndSend(id, 2);
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(50s);
    ASSERT_TRUE(writer->Append(2 + i, Part(2 + i)).ok());
    ASSERT_TRUE(first_.spool->Read({id}).ok());
    first_.live->ClearAway();
    second_.live->ClearAway();
  }
  EXPECT_EQ(StatusOf(id), kRecording);
}

TEST_F(LiveRecordingsTest, OneThatWasCompleteIsHandedIn) {
  ASSERT_TRUE(second_.service->Start().ok());
  const std::string id = NewSession();
  {
    const auto writer = BeginAndSend(id, Parts());
    ASSERT_TRUE(writer->Seal(Parts() - 1).ok());
    ASSERT_TRUE(first_.spool->Read({id}).ok());
  }
  second_.live->ClearAway();
  clock_.Advance(61s);
  second_.live->ClearAway();
  EXPECT_EQ(second_.service->WaitUntilFinal(user_, id, 30s)->status, kCompleted);
}

// Of a process that lives, and of one that is gone.
TEST_F(LiveRecordingsTest, OneThatWasCompleteOutlivesAnAudioStoreThatIsAway) {
  for (Process* server : {&first_, &second_}) {
    const std::string id = NewSession();
    {
      const auto writer = BeginAndSend(id, Parts());
      ASSERT_TRUE(writer->Seal(Parts() - 1).ok());
      ASSERT_TRUE(first_.spool->Read({id}).ok());
    }
    clock_.Advance(61s);
    // A file where the folder is to be.
    const std::filesystem::path audio = folder_.path() / "audio";
    std::filesystem::rename(audio, folder_.path() / "away");
    std::ofstream(audio) << "no folder";
    server->live->ClearAway();
    clock_.Advance(61s);
    for (int round = 0; round < 3; ++round) server->live->ClearAway();
    EXPECT_EQ(StatusOf(id), kAwaitingAudio);
    ASSERT_TRUE(first_.spool->Find({id}));
    std::filesystem::remove(audio);
    std::filesystem::rename(folder_.path() / "away", audio);
    server->live->ClearAway();
    EXPECT_EQ(StatusOf(id), kProcessing);
    EXPECT_GT(first_.service->Audio(user_, id)->bytes.size(), pcm_.size());
  }
}

TEST_F(LiveRecordingsTest, OneThatAwaitsAudioAndIsNotCompleteGoes) {
  const std::string id = NewSession();
  BeginAndSend(id, 2).reset();
  ASSERT_FALSE(first_.service->SubmitAudio(user_, id, {"wav", {'n', 'o'}}).ok());
  ASSERT_EQ(StatusOf(id), kAwaitingAudio);
  clock_.Advance(61s);
  first_.live->ClearAway();
  EXPECT_FALSE(first_.spool->Find({id}));
  EXPECT_EQ(StatusOf(id), kAwaitingAudio) << "an upload may still come";
}

TEST_F(LiveRecordingsTest, ABusyQueueChangesNothing) {
  // Nobody works: what is handed in waits.
  for (int i = 0; i < first_.config.pipeline.max_queued; ++i) {
    const std::string id = NewSession();
    if (i % 20 == 0) clock_.Advance(2h);
    ASSERT_TRUE(first_.queue->Enqueue({"analyse", id, 0}).ok());
    if (first_.service->IsFull()) break;
  }
  ASSERT_TRUE(first_.service->IsFull());
  pipeline::NewSession wanted;
  wanted.user_id = user_;
  const std::string id = second_.service->Create(wanted).value().id;
  const auto writer = BeginAndSend(id, 3);
  ASSERT_TRUE(writer->Seal(2).ok());
  ASSERT_TRUE(first_.spool->Read({id}).ok());
  EXPECT_EQ(first_.live->Submit(user_, id).error().code, base::ErrorCode::kBusy);
  EXPECT_EQ(StatusOf(id), kRecording);
  EXPECT_TRUE(second_.live->Submit(user_, id).ok()) << "where there is room";
}

TEST_F(LiveRecordingsTest, AnAnalysisWhoseProcessIsGoneIsTakenUp) {
  const std::string id = NewSession();
  {
    const auto writer = BeginAndSend(id, Parts());
    ASSERT_TRUE(writer->Seal(Parts() - 1).ok());
    ASSERT_TRUE(first_.live->Submit(user_, id).ok());
  }
  // Started before the session was handed in, the second process does not know the job.
  ASSERT_TRUE(second_.service->Start().ok());
  ASSERT_EQ(StatusOf(id), kProcessing);
  ASSERT_TRUE(second_.live->Continue(user_, id, [](const auto&) {}).ok());
  EXPECT_EQ(second_.service->WaitUntilFinal(user_, id, 30s)->status, kCompleted);
}

TEST_F(LiveRecordingsTest, AResultWhoseTellingWasCutOffIsToldOnce) {
  ASSERT_TRUE(first_.service->Start().ok());
  const std::string id = NewSession();
  ASSERT_TRUE(first_.service->SubmitAudio(user_, id, {"wav", TestBytes("good.wav")}).ok());
  ASSERT_EQ(first_.service->WaitUntilFinal(user_, id, 30s)->status, kCompleted);
  first_.service->Stop(5s);
  const auto ends = [&] {
    int count = 0;
    second_.events->Subscribe(id, 0, [&](const SessionEvent& event) { count += IsEnd(event.payload) ? 1 : 0; }).reset();
    return count;
  };
  EXPECT_EQ(ends(), 1);
  ASSERT_TRUE(second_.database->events().RemoveOlderThan(clock_.NowMs() + 1).ok());
  clock_.Advance(10s);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(second_.live->Continue(user_, id, [](const auto&) {}).ok());
  EXPECT_EQ(ends(), 1);
}

}  // namespace
}  // namespace speechcoach::pipeline
