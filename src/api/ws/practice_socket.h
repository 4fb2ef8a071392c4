// One learner's WebSocket: takes recordings in, passes on what happens to their sessions.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/auth/token_bucket.h"
#include "api/http/web_socket.h"
#include "api/http/work_pool.h"
#include "api/ws/chunk_order.h"
#include "api/ws/client_message.h"
#include "api/ws/level_budget.h"
#include "api/ws/server_message.h"
#include "audio/pause_detector.h"
#include "base/clock.h"
#include "base/trace_context.h"
#include "metrics/metrics.h"
#include "pipeline/live_recordings.h"
#include "pipeline/session_events.h"
#include "pipeline/session_service.h"
#include "trace/span.h"

namespace speechcoach::api {

// Not owned; all outlive the sockets.
struct SocketParts {
  pipeline::SessionService* service = nullptr;
  pipeline::LiveRecordings* live = nullptr;
  pipeline::SessionEvents* events = nullptr;
  WorkPool* pool = nullptr;
  const base::Clock* clock = nullptr;
  std::function<void(std::chrono::milliseconds, std::function<void()>)> after;  // HttpServer::After
  LevelBudget* levels = nullptr;
  metrics::Metrics* metrics = nullptr;  // null: nothing is counted
  RecordingLimits limits;
  int turn_pause_ms = 0;  // of silence end a conversation's turn; 0: none does
  int messages_per_second = 100;
  model::Locale locale = model::Locale::kVi;  // until a session names one
};

// At most one recording at a time; the results of earlier ones still come. While a call of the service is under way no
// further message is taken in, so that a client's messages are served in their order.
class PracticeSocket final : public WebSocketHandler, public std::enable_shared_from_this<PracticeSocket> {
 public:
  // `callers_trace`: what its recordings belong to; none: each begins a trace. `place`: its place among the connections allowed, given
  // back when it goes.
  PracticeSocket(const SocketParts& parts, std::int64_t user_id, base::TraceContext callers_trace = {},
                 std::shared_ptr<void> place = nullptr);

  void OnOpen(std::shared_ptr<WebSocketPeer> peer) override;
  void OnText(std::string_view text) override;
  void OnBinary(std::span<const std::uint8_t> bytes) override;
  void OnGoingAway() override;
  void OnClosed() override;

 private:
  struct Level {
    std::uint32_t seq = 0;
    Loudness loudness;
  };
  struct LiveRecording {
    LiveRecording(const pipeline::AudioSource& audio, const RecordingLimits& limits) : source(audio), order(audio, limits) {}

    std::string session_id;
    std::shared_ptr<trace::Span> span;  // from its beginning on this connection until it is handed over
    std::uint32_t stream_id = 0;
    int turn = 0;  // of a conversation; 0: it is none
    pipeline::AudioSource source;
    ChunkOrder order;
    std::unique_ptr<spool::StreamWriter> writer;
    std::shared_ptr<pipeline::LiveListener> listener;  // null where too many are listened to
    std::optional<audio::PauseDetector> pause;         // of a conversation's samples
    std::uint32_t acknowledged = 0;                    // the client knows that all chunks below are safe
    bool is_paused = false;                            // until the disk has caught up
    std::optional<std::uint32_t> last_seq;             // the client has said where it ends
    bool is_submitted = false;
    std::int64_t last_level_ms = 0;
    std::optional<Level> level;                 // to be sent with what is heard of it
    std::vector<pipeline::VoicePoint> voice{};  // for the next level message
  };
  // A session whose events are passed on.
  struct Watch {
    pipeline::Subscription subscription;
    std::int64_t last_event = 0;
    model::Locale locale = model::Locale::kVi;
  };
  using Continuation = std::function<void()>;

  void Handle(const StartSession& start);
  void Handle(const AudioChunk& chunk);
  void Handle(const EndRecording& end);
  void Handle(const CancelRecording& cancel);
  void Handle(const Ping& ping);
  void Handle(const RetryAnalysis& retry);
  void Handle(const ResumeSession& resume);
  void Handle(const StartTurn& start);

  // Runs `work` on the pool and what it answers here. False where the pool is full.
  bool CallService(std::function<Continuation()> work);

  void BeginStream(const model::Session& session, int turn, const pipeline::AudioSource& source,
                   std::unique_ptr<spool::StreamWriter> writer);
  void Hear(std::vector<std::uint8_t> bytes);  // costs nothing where nobody listens
  void StopListening();
  void EndTurnAtPause();
  spool::OnSafe TellWhatIsSafe();  // of the stream that begins next
  void Acknowledge(std::uint32_t stream_id, base::Result<std::uint32_t> next_seq);
  base::Status KeepChunk(std::uint32_t seq, std::span<const std::uint8_t> bytes);
  // `tries`: how often the disk had no room for it.
  void TakeChunk(std::uint32_t seq, std::span<const std::uint8_t> bytes, int tries = 0);
  void TakeChunkLater(std::uint32_t seq, std::span<const std::uint8_t> bytes, int tries);
  void TakeLevel(std::uint32_t seq, std::span<const std::uint8_t> bytes);
  void SendLevel();
  void TakeVoice(std::uint32_t stream_id, const std::vector<pipeline::VoicePoint>& points);
  void SubmitWhenComplete();
  void Submit();
  void EndRecordingOf(const std::string& session_id);
  void LoseRecording(base::ErrorCode code);
  void GoOn(pipeline::Continued& continued, bool is_new_turn);
  // Ends the recording that is under way without a result.
  void GiveUpRecording(base::ErrorCode code);
  // Loads a session with `load`, says `resumed`, or `turn_started`, and passes its events after `last_event` on.
  void Follow(const std::string& session_id, std::int64_t last_event, std::function<base::Result<pipeline::Continued>()> load,
              bool is_new_turn = false);
  std::int64_t LastEventOf(const std::string& session_id, std::optional<std::int64_t> named) const;
  pipeline::Subscription Subscribe(const std::shared_ptr<WebSocketPeer>& peer, const std::string& session_id, std::int64_t after,
                                   model::Locale locale);
  void AddWatch(const std::string& session_id, Watch watch);
  void Deliver(const std::string& session_id, std::int64_t number, std::string text);

  bool IsCurrent(const std::string& session_id) const { return recording_ && recording_->session_id == session_id; }
  bool TakeMessage(std::size_t bytes);
  void CountUnreadable();
  void WatchIdleness();
  // Later, on this connection's thread, if it is open still.
  void After(std::chrono::milliseconds pause, std::function<void(PracticeSocket&)> then);
  Stamp StampFor(const std::string& session_id) const;
  void Send(std::string text);
  // In the session's language; `locale` where there is no session yet.
  void SendError(base::ErrorCode code, const std::string& session_id = {}, std::string field = {}, std::string client_ref = {},
                 std::optional<model::Locale> locale = {});

  const SocketParts parts_;
  const std::int64_t user_id_;
  const base::TraceContext callers_trace_;
  const std::shared_ptr<void> place_;
  std::shared_ptr<WebSocketPeer> peer_;  // null before OnOpen and after OnClosed
  TokenBucket messages_;
  int unreadable_in_row_ = 0;
  std::int64_t last_message_ms_ = 0;
  std::uint32_t last_stream_id_ = 0;
  std::optional<LiveRecording> recording_;
  std::string paused_session_id_;  // ended by a pause: the client's own end of it is no news
  std::string ended_session_id_;   // the recording before: its late chunks are no news
  std::map<std::string, Watch> watches_;
  std::vector<std::string> watch_order_;  // oldest first
};

}  // namespace speechcoach::api
