// A session's life: created, its audio taken in and kept, analysed in the background, read, retried, deleted.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "audio/audio_decoder.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/result.h"
#include "metrics/metrics.h"
#include "model/session.h"
#include "pipeline/analyse_recording.h"
#include "pipeline/audio_source.h"
#include "pipeline/conversations.h"
#include "pipeline/learner_habits.h"
#include "pipeline/listening_thread.h"
#include "pipeline/live_listener.h"
#include "pipeline/progress_keeper.h"
#include "pipeline/session_events.h"
#include "queue/job_queue.h"
#include "storage/blob_store.h"
#include "storage/finding_repository.h"
#include "storage/guardian_repository.h"
#include "storage/repositories.h"

namespace speechcoach::pipeline {

// Not owned; all outlive the service.
struct ServiceParts {
  storage::SessionRepository* sessions = nullptr;
  storage::SentenceRepository* sentences = nullptr;
  storage::BlobStore* blobs = nullptr;
  queue::JobQueue* queue = nullptr;
  audio::AudioDecoder* decoder = nullptr;
  audio::AudioDecoder* live_decoder = nullptr;  // of recordings that still come in; null: containers are heard at their end only
  SessionEvents* events = nullptr;
  const base::Clock* clock = nullptr;
  ProgressKeeper* progress = nullptr;  // null: nobody counts
  Conversations* conversations = nullptr;
  metrics::Metrics* metrics = nullptr;               // null: nothing is measured
  storage::GuardianRepository* guardians = nullptr;  // null: nobody is a child
  storage::FindingRepository* findings = nullptr;    // used where a broker's workers share the stages
  Stages stages;
  std::chrono::milliseconds live_patience = kLivePatience;  // as that of LiveEars
};

struct NewSession {
  std::int64_t user_id = 0;
  model::Mode mode = model::Mode::kConversation;
  model::Locale locale = model::Locale::kVi;
  std::optional<std::int64_t> sentence_id;  // sentence practice: one of these two
  std::string reference_text;
  std::string topic = {};  // conversation: what the coach talks about, in turns; empty: the learner speaks alone, once
  std::string level = {};  // CEFR, "A1" to "C1"; empty: A2
};

// With a broker the stages of an analysis are jobs of their own, which any process does (session_jobs.h); `stages.transcriber` may then be null
// where no speech is to be transcribed. A user sees only their own sessions: another's is kSessionNotFound. Thread-safe; every call blocks, none belongs on an
// I/O thread.
class SessionService {
 public:
  SessionService(const base::Config& config, ServiceParts parts);

  // Starts the background work, first on what an earlier process left unfinished.
  base::Status Start();
  // The background work alone, for a process that is one of many.
  base::Status Work();
  void Stop(std::chrono::milliseconds grace);

  // Whether a text that is to be read without being one of the sentences can be. kBadField: no word in it, or more than 1000 bytes.
  static base::Status CheckText(const NewSession& request);
  // A conversation with a topic is opened by the coach. Errors: kSessionQuota, kBadField (an unknown topic, or CheckText's), kNotFound (sentence),
  // kForbidden (a child whom no guardian lets practise; also where a recording begins or is sent), kBusy (so many recordings wait that another
  // one would be refused), kStorageUnavailable.
  base::Result<model::Session> Create(const NewSession& request);

  // -> recording: the live socket calls it when audio begins. In a conversation also for each further turn. Errors: kWrongState (the
  // coach has said goodbye, too), kSessionQuota (limits.turns_per_session).
  static bool MayBegin(model::SessionStatus status);  // else it is under way, or given up
  base::Status BeginRecording(std::int64_t user_id, const std::string& session_id);
  // Publishes what is heard of the recording while it comes in. Null where that is not to be had, or so many are listened to
  // that another one would only slow them all; cheap enough for an I/O thread. Ends before the service does.
  std::shared_ptr<LiveListener> Listen(const model::Session& session, const AudioSource& source, LiveListener::OnVoice on_voice);
  // recording -> interrupted, when the connection is lost before the end, and back.
  base::Status Interrupt(std::int64_t user_id, const std::string& session_id);
  base::Status Continue(std::int64_t user_id, const std::string& session_id);
  // created, recording, interrupted or awaiting_audio -> abandoned; a conversation with earlier answers is again as these left it.
  base::Status Abandon(std::int64_t user_id, const std::string& session_id);
  // The same for a recording that nobody continued in time: whoever comes later is told kSessionExpired.
  base::Status Expire(std::int64_t user_id, const std::string& session_id);
  // So many recordings wait that another one would be refused.
  bool IsFull() const;

  // For one who comes back: an analysis whose process has gone is taken up here, and a result whose telling was cut off is told.
  void MakeSureOf(const model::Session& session);

  // Checks the recording, keeps it, and queues its analysis: when it returns ok, the analysis will happen even if the
  // process is killed now. A recording that cannot be used is refused with the decoder's error and the session goes to
  // `awaiting_audio`, so that a better one can be sent; the same where the store is down (kStorageUnavailable).
  base::Result<model::Session> SubmitAudio(std::int64_t user_id, const std::string& session_id, const Recording& recording);

  base::Result<model::Session> Get(std::int64_t user_id, const std::string& session_id);
  // As the database holds it, for those who show it.
  base::Result<storage::StoredSession> GetStored(std::int64_t user_id, const std::string& session_id);
  base::Result<storage::StoredPage> ListStored(std::int64_t user_id, const storage::SessionFilter& filter);
  base::Result<storage::SummaryPage> List(std::int64_t user_id, const storage::SessionFilter& filter);
  // kNotFound where none is kept. `turn`: of a conversation; nothing: its newest.
  base::Result<Recording> Audio(std::int64_t user_id, const std::string& session_id, std::optional<int> turn = std::nullopt);
  // Of the learner's latest kSessionsWithHabits sessions.
  base::Result<LearnerHabits> Habits(std::int64_t user_id);
  // Empty where the session is no conversation.
  base::Result<std::vector<model::Turn>> Turns(const model::Session& session);
  // The number of the turn whose answer comes in, or comes next; 0 where the session is no conversation, or it is over.
  base::Result<int> OpenTurn(const std::string& session_id);

  // Analyses the kept audio again: after `failed` or `degraded` what failed, with `full` everything, whatever the outcome: the earlier
  // result is forgotten. While it is being
  // processed it answers ok and does nothing. kWrongState where there is no audio.
  base::Result<model::Session> Retry(std::int64_t user_id, const std::string& session_id, bool full);
  base::Status Delete(std::int64_t user_id, const std::string& session_id);

  // Waits until the session is final or `timeout` passed, and answers its state then.
  base::Result<model::Session> WaitUntilFinal(std::int64_t user_id, const std::string& session_id,
                                              std::chrono::milliseconds timeout);

 private:
  base::Status MayPractise(std::int64_t user_id);
  base::Status CreateWithin(const model::Session& session);  // the user's quota
  base::Result<model::Session> Move(model::Session session, model::SessionStatus to);
  base::Status MoveOwn(std::int64_t user_id, const std::string& session_id, model::SessionStatus to);
  bool IsHere(const std::string& session_id);
  void NoteHere(const std::string& session_id, bool is_here);
  void TellPlaces();
  base::Status Leave(std::int64_t user_id, const std::string& session_id, std::optional<base::Error> why);
  base::Result<model::Session> QueueAnew(const model::Session& session);
  base::Result<model::Session> AwaitAudio(model::Session session, const base::Error& why);
  base::Result<model::Session> Queue(model::Session session);
  base::Status EnqueueAnalysis(const std::string& session_id);
  void Recover();
  bool IsOverdue(const std::string& session_id);
  base::Result<model::Session> TakeAudio(std::int64_t user_id, const std::string& session_id, const Recording& recording);
  base::Result<model::AudioClip> Decode(std::span<const std::uint8_t> bytes, const std::string& format);
  base::Status Keep(const std::string& key, std::span<const std::uint8_t> bytes);
  void RemoveBlob(const std::string& key);
  AnalysisRequest RequestFor(const model::Session& session, int decode_ms);
  struct Loaded {
    model::AudioClip clip;
    int decode_ms = 0;
  };
  static queue::JobOutcome AgainAfter(const base::Error& why);
  static queue::JobOutcome AgainUnlessGone(const base::Error& why);
  static queue::JobOutcome OutcomeOf(const base::Status& kept);
  static bool IsPassing(base::ErrorCode code);  // the same recording may well be read at the next try
  base::Result<Loaded> Load(const model::Session& session);
  AnalysisObserver Telling(const std::string& session_id);
  std::optional<model::Analysis> EarlierResult(const model::Session& session, const model::Turn* turn) const;
  queue::JobOutcome Do(const queue::Job& job, const std::stop_token& stop);
  queue::JobOutcome Analyse(const queue::Job& job, const std::stop_token& stop);
  // The stages: session_stages.cpp.
  queue::JobOutcome DoStage(const queue::Job& job, const std::stop_token& stop);
  queue::JobOutcome Transcribe(model::Session session, const std::stop_token& stop);
  queue::JobOutcome MeasureVoice(const model::Session& session);
  queue::JobOutcome WriteFeedback(model::Session session, const std::stop_token& stop);
  queue::JobOutcome UpdateProgress(const model::Session& session);
  std::optional<MeasuredVoice> VoiceOf(const std::string& session_id);
  queue::JobOutcome HandOn(const char* kind, const std::string& session_id);
  queue::JobOutcome Count(const model::Session& session);
  base::Result<std::optional<model::Turn>> KeepTurn(const model::Session& session, const base::Result<model::Analysis>& outcome,
                                                    const std::stop_token& stop);
  queue::JobOutcome Finish(model::Session session, base::Result<model::Analysis> outcome, const std::stop_token& stop);
  base::Status TellEnd(const model::Session& session, const std::optional<model::Turn>& turn);
  base::Result<std::optional<model::Turn>> NewestAnswered(const model::Session& session);
  static base::Result<model::Analysis> KeptAnalysis(const storage::StageFindings& found);
  base::Result<model::Analysis> WithRulesAlone(const model::Session& session, const base::Error& why);
  queue::JobOutcome GiveUp(const queue::Job& job);

  const base::Config config_;
  const ServiceParts parts_;
  std::atomic<int> listeners_ = 0;
  ListeningThread ears_;
  std::mutex here_mutex_;
  std::set<std::string> here_;  // sessions whose analysis waits or runs in this process
  std::mutex places_mutex_;     // nobody hears an older place after a newer one
  std::mutex quota_mutex_;      // counting a user's sessions and adding one is one step
};

}  // namespace speechcoach::pipeline
