// Recordings that come in over a connection: begun, continued after it was lost, handed to the analysis, cleared away.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/config.h"
#include "base/result.h"
#include "pipeline/audio_source.h"
#include "pipeline/session_service.h"
#include "spool/audio_spool.h"
#include "storage/repositories.h"

namespace speechcoach::pipeline {

// Not owned; all outlive it.
struct LiveParts {
  SessionService* service = nullptr;
  storage::SessionRepository* sessions = nullptr;
  storage::EventRepository* events = nullptr;
  spool::AudioSpool* spool = nullptr;
  const base::Clock* clock = nullptr;
};

// A session somebody came back to. With a stream where its recording goes on.
struct Continued {
  struct Stream {
    AudioSource source;
    spool::StreamContent content;
    std::unique_ptr<spool::StreamWriter> writer;
  };
  model::Session session;
  int turn = 0;  // of a conversation: that under way, or to come next; 0 otherwise
  std::optional<Stream> stream;
};

// Thread-safe; every call blocks, none belongs on an I/O thread.
class LiveRecordings {
 public:
  LiveRecordings(const base::Config& config, const LiveParts& parts) : config_(config), parts_(parts) {}

  // Clears away, from then on, what nobody continues. Stop before the service stops.
  void Start();
  void Stop();

  int resume_window_s() const { return config_.live.resume_window_s; }

  struct Begun {
    int turn = 0;  // of a conversation; 0 otherwise
    std::unique_ptr<spool::StreamWriter> writer;
  };
  // -> recording: the session's only recording, or a conversation's next turn. When it returns ok, the recording can be continued even
  // if the process is killed now. Errors: as SessionService::BeginRecording; kBusy (the spool is full), kStorageUnavailable.
  base::Result<Begun> Begin(std::int64_t user_id, const std::string& session_id, const AudioSource& source,
                            spool::OnSafe on_safe);

  // Errors: kSessionNotFound, kSessionExpired, kStorageUnavailable.
  base::Result<Continued> Continue(std::int64_t user_id, const std::string& session_id, const spool::OnSafe& on_safe);

  // Hands the sealed recording to SessionService::SubmitAudio; it is kept until that has it. Errors besides: kBusy (so many
  // wait: nothing has changed, the same call may succeed later), kWrongState (chunks are missing).
  base::Result<model::Session> Submit(std::int64_t user_id, const std::string& session_id);

  base::Status Interrupt(std::int64_t user_id, const std::string& session_id) {
    return parts_.service->Interrupt(user_id, session_id);
  }
  base::Status Abandon(std::int64_t user_id, const std::string& session_id);

  // One round of clearing away: recordings that nobody continued within the window are handed in where they were complete and
  // given up where not; analyses that no process seems to run are taken up; old events go.
  void ClearAway();

 private:
  void EndLeft(const spool::StreamId& id);
  bool MayBeTakenLater(const std::string& session_id, base::ErrorCode why);
  base::Result<spool::StreamId> StreamOf(const std::string& session_id);
  void ForEachLong(model::SessionStatus status, std::int64_t age_ms, const std::function<void(const std::string&)>& act);

  const base::Config config_;
  const LiveParts parts_;
  std::map<std::pair<std::string, model::SessionStatus>, std::int64_t> first_seen_ms_;  // of the rounds
  std::set<spool::StreamId> not_taken_;  // of the rounds: complete, but could not be handed in; other processes' too
  std::int64_t events_removed_ms_ = 0;
  std::jthread rounds_;
};

}  // namespace speechcoach::pipeline
