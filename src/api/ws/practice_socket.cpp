#include "api/ws/practice_socket.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "base/log.h"

namespace speechcoach::api {
namespace {

// A client that catches up on a stalled network sends a whole recording at once.
constexpr double kBurstSeconds = 10.0;
constexpr int kMaxUnreadableInRow = 10;
constexpr std::size_t kMaxWatches = 8;
constexpr std::size_t kMaxUnsafeBytes = 256 * 1024;  // of a recording; more is not taken in until the disk has caught up
constexpr std::chrono::milliseconds kDiskPause{250};
constexpr int kDiskTries = 20;
constexpr std::size_t kBytesOfAMessage = 64 * 1024;
constexpr std::int64_t kLevelIntervalMs = 50;
constexpr std::size_t kMostPointsWaiting = 500;  // ten seconds
constexpr std::chrono::seconds kIdleCheck{30};
constexpr std::int64_t kIdleMs = 10 * 60 * 1000;
constexpr std::int64_t kIdleWhileRecordingMs = 60 * 1000;
constexpr std::size_t kPauseMemoryS = 5;  // of what came before the connection was lost; a pause is told from less

// The end of a recording, whole samples of it.
std::span<const std::uint8_t> NewestPcm(const pipeline::AudioSource& source, std::span<const std::uint8_t> pcm) {
  return pcm.last(std::min(pcm.size(), kPauseMemoryS * static_cast<std::size_t>(source.sample_rate_hz) * source.sample_bytes()));
}

}  // namespace

PracticeSocket::PracticeSocket(const SocketParts& parts, std::int64_t user_id, base::TraceContext callers_trace,
                               std::shared_ptr<void> place)
    : parts_(parts),
      user_id_(user_id),
      callers_trace_(std::move(callers_trace)),
      place_(std::move(place)),
      messages_(parts.messages_per_second, kBurstSeconds * parts.messages_per_second) {}

void PracticeSocket::OnOpen(std::shared_ptr<WebSocketPeer> peer) {
  peer_ = std::move(peer);
  last_message_ms_ = parts_.clock->NowMs();
  Send(HelloMessage(last_message_ms_, parts_.limits, parts_.live->resume_window_s()));
  WatchIdleness();
}

void PracticeSocket::OnText(std::string_view text) {
  if (!TakeMessage(text.size())) return;
  auto parsed = ParseClientMessage(text);
  if (const auto* bad = std::get_if<BadMessage>(&parsed)) {
    SendError(bad->code, {}, bad->field, bad->client_ref);
    return CountUnreadable();
  }
  unreadable_in_row_ = 0;
  std::visit([this](const auto& message) { Handle(message); }, std::get<ClientMessage>(parsed));
}

void PracticeSocket::OnBinary(std::span<const std::uint8_t> bytes) {
  if (!TakeMessage(bytes.size())) return;
  const auto chunk = ParseBinaryChunk(bytes);
  if (!chunk) {
    SendError(base::ErrorCode::kBadField);
    return CountUnreadable();
  }
  unreadable_in_row_ = 0;
  if (recording_ && recording_->stream_id == chunk->stream_id) return TakeChunk(chunk->seq, chunk->bytes);
  // Chunks that were on their way when their recording ended are no mistake.
  if (chunk->stream_id == 0 || chunk->stream_id > last_stream_id_) SendError(base::ErrorCode::kWrongState);
}

void PracticeSocket::OnGoingAway() { Send(GoingAwayMessage(parts_.clock->NowMs())); }

void PracticeSocket::OnClosed() {
  peer_.reset();
  std::function<void()> interrupt;
  if (recording_ && !recording_->is_submitted) {
    interrupt = [live = parts_.live, user = user_id_, id = recording_->session_id] {
      if (const base::Status done = live->Interrupt(user, id); !done.ok()) {
        base::Log(base::LogLevel::kWarning, "interruption not recorded", {{"session_id", id}, {"reason", done.error().message}});
      }
    };
  }
  StopListening();
  recording_.reset();
  // Ending a subscription may have to wait for a publisher: not here.
  parts_.pool->SubmitAlways([interrupt = std::move(interrupt), watches = std::exchange(watches_, {})] {
    if (interrupt) interrupt();
  });
}

void PracticeSocket::Handle(const StartSession& start) {
  if (recording_) return SendError(base::ErrorCode::kWrongState, {}, {}, start.client_ref);
  pipeline::NewSession wanted;
  wanted.user_id = user_id_;
  wanted.mode = start.mode;
  wanted.locale = start.locale.value_or(parts_.locale);
  wanted.sentence_id = start.sentence_id;
  wanted.reference_text = start.reference_text;
  wanted.topic = start.topic;
  wanted.level = start.level;
  if (const base::Status readable = pipeline::SessionService::CheckText(wanted); !readable.ok())
    return SendError(readable.error().code, {}, "reference_text", start.client_ref, wanted.locale);
  const bool is_called =
      CallService([self = shared_from_this(), peer = peer_, wanted, start, on_safe = TellWhatIsSafe()]() -> Continuation {
        const auto created = self->parts_.service->Create(wanted);
        const auto failed = [&](const base::Error& error) {
          base::Log(base::LogLevel::kDebug, "session not started",
                    {{"code", base::ErrorCodeName(error.code)}, {"reason", error.message}});
          return [self, code = error.code, client_ref = start.client_ref, id = created.ok() ? created->id : std::string()] {
            if (code == base::ErrorCode::kForbidden && self->peer_)
              return self->peer_->Close(CloseCode::kNotAllowed, "a guardian's consent is needed");
            self->SendError(code, id, {}, client_ref);
          };
        };
        if (!created.ok()) return failed(created.error());
        auto begun = self->parts_.live->Begin(self->user_id_, created->id, start.source, on_safe);
        if (!begun.ok()) return failed(begun.error());
        const auto begin = std::make_shared<pipeline::LiveRecordings::Begun>(std::move(*begun));
        // Said before the subscription tells anything.
        peer->Post([self, start, session = *created, begin] {
          self->AddWatch(session.id, {nullptr, 0, session.locale});
          self->BeginStream(session, begin->turn, start.source, std::move(begin->writer));
          const LiveRecording& recording = *self->recording_;
          self->Send(SessionStartedMessage(self->StampFor(session.id), recording.stream_id, self->parts_.limits, recording.turn,
                                           start.client_ref));
        });
        auto subscription = self->Subscribe(peer, created->id, 0, created->locale);
        return [self, id = created->id, subscription] {
          const auto watch = self->watches_.find(id);
          if (watch != self->watches_.end()) watch->second.subscription = subscription;
          // The connection may have gone while the session was made.
          if (!self->peer_) self->OnClosed();
        };
      });
  if (!is_called) SendError(base::ErrorCode::kBusy, {}, {}, start.client_ref);
}

void PracticeSocket::BeginStream(const model::Session& session, int turn, const pipeline::AudioSource& source,
                                 std::unique_ptr<spool::StreamWriter> writer) {
  recording_.emplace(source, parts_.limits);
  recording_->session_id = session.id;
  recording_->span = std::make_shared<trace::Span>("recording", trace::SpanKind::kServer, callers_trace_);
  recording_->span->Set("speechcoach.session_id", session.id);
  recording_->stream_id = ++last_stream_id_;
  recording_->turn = turn;
  recording_->writer = std::move(writer);
  paused_session_id_.clear();
  recording_->listener =
      parts_.service->Listen(session, source,
                             [weak = weak_from_this(), peer = std::weak_ptr(peer_),
                              stream_id = recording_->stream_id](const std::vector<pipeline::VoicePoint>& points) {
                               const auto alive = peer.lock();
                               if (!alive) return;
                               alive->Post([weak, stream_id, points] {
                                 if (const auto self = weak.lock()) self->TakeVoice(stream_id, points);
                               });
                             });
  if (turn > 0 && parts_.turn_pause_ms > 0 && source.is_pcm())
    recording_->pause.emplace(source.sample_rate_hz, parts_.turn_pause_ms / 1000.0);
}

// Tells the socket, on its own thread. Holds no socket: the spool may tell after it has gone.
spool::OnSafe PracticeSocket::TellWhatIsSafe() {
  return [weak = weak_from_this(), peer = std::weak_ptr(peer_),
          stream_id = last_stream_id_ + 1](const base::Result<std::uint32_t>& next_seq) {
    const auto alive = peer.lock();
    if (!alive) return;
    alive->Post([weak, stream_id, next_seq] {
      if (const auto self = weak.lock()) self->Acknowledge(stream_id, next_seq);
    });
  };
}

void PracticeSocket::Acknowledge(std::uint32_t stream_id, base::Result<std::uint32_t> next_seq) {
  if (!recording_ || recording_->stream_id != stream_id || !recording_->writer) return;
  if (recording_->is_paused && recording_->writer->unsafe_bytes() < kMaxUnsafeBytes / 2) {
    recording_->is_paused = false;
    peer_->ResumeReading();
  }
  if (!next_seq.ok()) return LoseRecording(next_seq.error().code);
  if (*next_seq <= recording_->acknowledged) return;
  recording_->acknowledged = *next_seq;
  Send(AckMessage(StampFor(recording_->session_id), *next_seq));
}

void PracticeSocket::Handle(const AudioChunk& chunk) {
  if (IsCurrent(chunk.session_id)) return TakeChunk(chunk.seq, chunk.bytes);
  if (chunk.session_id != ended_session_id_) SendError(base::ErrorCode::kWrongState, chunk.session_id);
}

void PracticeSocket::TakeChunk(std::uint32_t seq, std::span<const std::uint8_t> bytes, int tries) {
  if (recording_->is_submitted) return;
  if (recording_->last_seq && seq > *recording_->last_seq && paused_session_id_ == recording_->session_id) return;
  if (recording_->last_seq && seq > *recording_->last_seq)
    return SendError(base::ErrorCode::kBadField, recording_->session_id, "seq");
  const auto missing = recording_->order.Add(
      seq, bytes, [this](std::uint32_t number, std::span<const std::uint8_t> chunk) { return KeepChunk(number, chunk); });
  if (!missing.ok()) {
    switch (missing.error().code) {
      case base::ErrorCode::kBadField:
        return SendError(base::ErrorCode::kBadField, recording_->session_id, "seq");
      case base::ErrorCode::kBusy:
        if (tries < kDiskTries) return TakeChunkLater(seq, bytes, tries + 1);
        return SendError(base::ErrorCode::kBusy, recording_->session_id);  // the chunk may be sent again
      case base::ErrorCode::kWrongState:
      case base::ErrorCode::kStorageUnavailable:
        return LoseRecording(missing.error().code);
      default:
        return GiveUpRecording(missing.error().code);
    }
  }
  if (*missing) Send(ChunkRequestMessage(StampFor(recording_->session_id), **missing));
  TakeLevel(seq, bytes);
  if (!recording_->is_paused && recording_->writer->unsafe_bytes() > kMaxUnsafeBytes) {
    recording_->is_paused = true;
    peer_->PauseReading();
  }
  if (!recording_->last_seq && recording_->pause && recording_->pause->is_pause()) return EndTurnAtPause();
  SubmitWhenComplete();
}

// The disk is behind, or full. Nothing more is read until it has taken the chunk: what waits for it waits with the client.
void PracticeSocket::TakeChunkLater(std::uint32_t seq, std::span<const std::uint8_t> bytes, int tries) {
  peer_->PauseReading();
  const auto kept = std::make_shared<const std::vector<std::uint8_t>>(bytes.begin(), bytes.end());
  After(kDiskPause, [stream_id = recording_->stream_id, seq, kept, tries](PracticeSocket& self) {
    self.peer_->ResumeReading();
    if (self.recording_ && self.recording_->stream_id == stream_id) self.TakeChunk(seq, *kept, tries);
  });
}

base::Status PracticeSocket::KeepChunk(std::uint32_t seq, std::span<const std::uint8_t> bytes) {
  if (const base::Status kept = recording_->writer->Append(seq, bytes); !kept.ok()) return kept;
  if (recording_->pause) recording_->pause->Append(pipeline::ToSamples(recording_->source, bytes));
  Hear({bytes.begin(), bytes.end()});
  return {};
}

void PracticeSocket::Hear(std::vector<std::uint8_t> bytes) {
  if (recording_->listener && !recording_->listener->Append(std::move(bytes))) StopListening();
}

// A listener's end waits for what it is telling, and so for a broker: never here.
void PracticeSocket::StopListening() {
  if (recording_ && recording_->listener) parts_.pool->SubmitAlways([listener = std::move(recording_->listener)] {});
}

// What is on its way is silence; the client is told where the recording ends.
void PracticeSocket::EndTurnAtPause() {
  recording_->pause.reset();
  recording_->last_seq = recording_->order.next_seq() - 1;
  paused_session_id_ = recording_->session_id;
  Send(TurnEndedMessage(StampFor(recording_->session_id), recording_->turn, *recording_->last_seq));
  Submit();
}

void PracticeSocket::TakeLevel(std::uint32_t seq, std::span<const std::uint8_t> bytes) {
  const std::int64_t now_ms = parts_.clock->NowMs();
  if (!recording_->source.is_pcm() || now_ms - recording_->last_level_ms < kLevelIntervalMs) return;
  recording_->last_level_ms = now_ms;
  if (!parts_.levels->Take(now_ms)) return;
  recording_->level = Level{seq, LoudnessOf(recording_->source, bytes)};
  if (!recording_->listener) SendLevel();
}

void PracticeSocket::TakeVoice(std::uint32_t stream_id, const std::vector<pipeline::VoicePoint>& points) {
  if (!recording_ || recording_->stream_id != stream_id || recording_->is_submitted || !peer_) return;
  // What no level message takes along in time is worth nothing any more.
  if (recording_->voice.size() > kMostPointsWaiting) recording_->voice.clear();
  recording_->voice.insert(recording_->voice.end(), points.begin(), points.end());
  if (!recording_->source.is_pcm() && !points.empty() && parts_.levels->Take(parts_.clock->NowMs())) {
    recording_->level = Level{recording_->order.next_seq() - 1, LoudnessOf(points)};
  }
  if (recording_->level) SendLevel();
}

void PracticeSocket::SendLevel() {
  const Level level = *std::exchange(recording_->level, std::nullopt);
  const std::vector<pipeline::VoicePoint> voice = std::exchange(recording_->voice, {});
  peer_->SendUnlessBehind(LevelMessage(StampFor(recording_->session_id), level.seq, level.loudness, voice));
}

void PracticeSocket::Handle(const EndRecording& end) {
  if (!IsCurrent(end.session_id) && end.session_id == paused_session_id_) return;
  if (!IsCurrent(end.session_id)) return SendError(base::ErrorCode::kWrongState, end.session_id);
  if (recording_->is_submitted) return;
  if (recording_->order.HasBeyond(end.last_seq)) return SendError(base::ErrorCode::kBadField, end.session_id, "last_seq");
  if (end.last_seq < 0) return GiveUpRecording(base::ErrorCode::kNoSpeech);
  recording_->last_seq = static_cast<std::uint32_t>(end.last_seq);
  for (const SeqRange& missing : recording_->order.MissingUpTo(*recording_->last_seq)) {
    Send(ChunkRequestMessage(StampFor(end.session_id), missing));
  }
  SubmitWhenComplete();
}

void PracticeSocket::SubmitWhenComplete() {
  if (recording_->last_seq && recording_->order.HasAllUpTo(*recording_->last_seq)) Submit();
}

void PracticeSocket::Submit() {
  recording_->is_submitted = true;
  const std::string session_id = recording_->session_id;
  const auto undo = [session_id](PracticeSocket& self, base::ErrorCode code) {
    // The recording stays: the client may end it again.
    self.recording_->is_submitted = false;
    if (self.paused_session_id_ != session_id) self.recording_->last_seq.reset();
    self.SendError(code, session_id);
  };
  if (const base::Status sealed = recording_->writer->Seal(*recording_->last_seq); !sealed.ok()) {
    if (sealed.error().code == base::ErrorCode::kBusy) return undo(*this, base::ErrorCode::kBusy);
    return LoseRecording(sealed.error().code);
  }
  const auto listener = std::make_shared<std::shared_ptr<pipeline::LiveListener>>(std::move(recording_->listener));
  const bool is_called =
      CallService([self = shared_from_this(), session_id, undo, listener, span = recording_->span]() -> Continuation {
        const base::TraceScope scope(span->context());
        listener->reset();  // nothing partial comes after what is final
        const auto submitted = self->parts_.live->Submit(self->user_id_, session_id);
        return [self, session_id, undo, error = submitted.ok() ? std::nullopt : std::optional(submitted.error().code)] {
          if (error == base::ErrorCode::kBusy && self->IsCurrent(session_id)) return undo(*self, *error);
          if (error) self->SendError(*error, session_id);
          self->EndRecordingOf(session_id);
        };
      });
  if (is_called) return;
  recording_->listener = std::move(*listener);
  undo(*this, base::ErrorCode::kBusy);
}

void PracticeSocket::EndRecordingOf(const std::string& session_id) {
  ended_session_id_ = session_id;
  if (!recording_) return;
  if (recording_->is_paused && peer_) peer_->ResumeReading();
  StopListening();
  recording_.reset();
}

// The recording goes on elsewhere, or what was not acknowledged of it could not be kept: it can be resumed.
void PracticeSocket::LoseRecording(base::ErrorCode code) {
  const std::string session_id = recording_->session_id;
  recording_->span->Fail(base::ErrorCodeName(code));
  EndRecordingOf(session_id);
  SendError(code, session_id);
}

void PracticeSocket::GiveUpRecording(base::ErrorCode code) {
  const std::string session_id = recording_->session_id;
  recording_->span->Fail(base::ErrorCodeName(code));
  EndRecordingOf(session_id);
  SendError(code, session_id);
  parts_.pool->SubmitAlways([live = parts_.live, user = user_id_, session_id] {
    if (const base::Status done = live->Abandon(user, session_id); !done.ok()) {
      base::Log(base::LogLevel::kWarning, "session not abandoned",
                {{"session_id", session_id}, {"reason", done.error().message}});
    }
  });
}

void PracticeSocket::Handle(const CancelRecording& cancel) {
  if (IsCurrent(cancel.session_id) && !recording_->is_submitted) EndRecordingOf(cancel.session_id);
  const bool is_called = CallService([self = shared_from_this(), id = cancel.session_id]() -> Continuation {
    const base::Status done = self->parts_.live->Abandon(self->user_id_, id);
    return [self, id, error = done.ok() ? std::nullopt : std::optional(done.error().code)] {
      if (error) return self->SendError(*error, id);
      self->Send(CancelledMessage(self->StampFor(id)));
    };
  });
  if (!is_called) SendError(base::ErrorCode::kBusy, cancel.session_id);
}

void PracticeSocket::Handle(const Ping& ping) { Send(PongMessage(parts_.clock->NowMs(), ping.nonce)); }

void PracticeSocket::Handle(const RetryAnalysis& retry) {
  Follow(retry.session_id, LastEventOf(retry.session_id, retry.last_event),
         [service = parts_.service, user = user_id_, id = retry.session_id,
          full = retry.full]() -> base::Result<pipeline::Continued> {
           auto session = service->Retry(user, id, full);
           if (!session.ok()) return session.error();
           return pipeline::Continued{std::move(*session), 0, std::nullopt};
         });
}

void PracticeSocket::Handle(const ResumeSession& resume) {
  // One recording at a time; that of this connection goes on anyway.
  if (recording_ && !IsCurrent(resume.session_id)) return SendError(base::ErrorCode::kWrongState, resume.session_id);
  if (recording_) EndRecordingOf(resume.session_id);
  Follow(resume.session_id, resume.last_event,
         [live = parts_.live, user = user_id_, id = resume.session_id, on_safe = TellWhatIsSafe()] {
           return live->Continue(user, id, on_safe);
         });
}

void PracticeSocket::Handle(const StartTurn& start) {
  if (recording_) return SendError(base::ErrorCode::kWrongState, start.session_id);
  const auto begin = [live = parts_.live, service = parts_.service, user = user_id_, start,
                      on_safe = TellWhatIsSafe()]() -> base::Result<pipeline::Continued> {
    auto begun = live->Begin(user, start.session_id, start.source, on_safe);
    if (!begun.ok()) return begun.error();
    auto session = service->Get(user, start.session_id);
    if (!session.ok()) return session.error();
    pipeline::Continued continued{std::move(*session), begun->turn, std::nullopt};
    continued.stream.emplace(pipeline::Continued::Stream{start.source, {}, std::move(begun->writer)});
    return continued;
  };
  Follow(start.session_id, LastEventOf(start.session_id, start.last_event), begin, true);
}

std::int64_t PracticeSocket::LastEventOf(const std::string& session_id, std::optional<std::int64_t> named) const {
  const auto known = watches_.find(session_id);
  return named.value_or(known != watches_.end() ? known->second.last_event : 0);
}

void PracticeSocket::Follow(const std::string& session_id, std::int64_t last_event,
                            std::function<base::Result<pipeline::Continued>()> load, bool is_new_turn) {
  // A watch that is there ends before the new one begins, or its events would come twice and out of order.
  const auto before = std::make_shared<pipeline::Subscription>();
  std::optional<std::pair<std::int64_t, model::Locale>> watched;
  if (const auto known = watches_.find(session_id); known != watches_.end()) {
    *before = std::move(known->second.subscription);
    watched.emplace(known->second.last_event, known->second.locale);
  }
  const bool is_called = CallService([self = shared_from_this(), peer = peer_, session_id, last_event, before, watched,
                                      load = std::move(load), is_new_turn]() -> Continuation {
    before->reset();
    auto loaded = load();
    if (!loaded.ok()) {
      const auto again = watched ? self->Subscribe(peer, session_id, watched->first, watched->second) : nullptr;
      return [self, session_id, again, code = loaded.error().code] {
        const auto watch = self->watches_.find(session_id);
        if (watch != self->watches_.end()) watch->second.subscription = again;
        self->SendError(code, session_id);
        if (!self->peer_) self->OnClosed();
      };
    }
    const auto continued = std::make_shared<pipeline::Continued>(std::move(*loaded));
    // Said before the subscription replays anything.
    peer->Post([self, session_id, last_event, continued, is_new_turn] {
      self->AddWatch(session_id, {nullptr, last_event, continued->session.locale});
      self->GoOn(*continued, is_new_turn);
    });
    auto subscription = self->Subscribe(peer, session_id, last_event, continued->session.locale);
    return [self, session_id, subscription] {
      const auto watch = self->watches_.find(session_id);
      if (watch != self->watches_.end()) watch->second.subscription = subscription;
      if (!self->peer_) self->OnClosed();
    };
  });
  if (is_called) return;
  if (const auto known = watches_.find(session_id); known != watches_.end()) known->second.subscription = std::move(*before);
  SendError(base::ErrorCode::kBusy, session_id);
}

void PracticeSocket::GoOn(pipeline::Continued& continued, bool is_new_turn) {
  const model::Session& session = continued.session;
  const Stamp stamp = StampFor(session.id);
  if (!continued.stream || recording_) return Send(ResumedMessage(stamp, session.status, 0, 0, continued.turn));
  spool::StreamContent& content = continued.stream->content;
  BeginStream(session, continued.turn, continued.stream->source, std::move(continued.stream->writer));
  if (is_new_turn) return Send(TurnStartedMessage(stamp, continued.turn, recording_->stream_id, parts_.limits));
  recording_->order.GoOnAfter(content);
  recording_->acknowledged = content.next_seq();
  if (recording_->pause)
    recording_->pause->Append(pipeline::ToSamples(recording_->source, NewestPcm(recording_->source, content.bytes)));
  Hear(std::move(content.bytes));
  Send(ResumedMessage(stamp, session.status, content.next_seq(), recording_->stream_id, continued.turn));
}

bool PracticeSocket::CallService(std::function<Continuation()> work) {
  // Before the pool has it: the call may be over before this one returns.
  peer_->PauseReading();
  const bool is_taken = parts_.pool->Submit([self = shared_from_this(), peer = peer_, work = std::move(work)] {
    Continuation then;
    try {
      then = work();
    } catch (const std::exception& fault) {
      base::Log(base::LogLevel::kError, "WebSocket call failed", {{"reason", fault.what()}});
      then = [self] { self->SendError(base::ErrorCode::kInternal); };
    }
    peer->Post(std::move(then));
    peer->ResumeReading();
  });
  if (!is_taken) peer_->ResumeReading();
  return is_taken;
}

// The handler below holds the peer, never the last reference to this socket: a subscription must not end within itself.
pipeline::Subscription PracticeSocket::Subscribe(const std::shared_ptr<WebSocketPeer>& peer, const std::string& session_id,
                                                 std::int64_t after, model::Locale locale) {
  return parts_.events->Subscribe(
      session_id, after, [weak = weak_from_this(), peer, locale](const pipeline::SessionEvent& event) {
        peer->Post([weak, id = event.session_id, number = event.number, text = EventMessage(event, locale)]() mutable {
          if (const auto self = weak.lock()) self->Deliver(id, number, std::move(text));
        });
      });
}

void PracticeSocket::AddWatch(const std::string& session_id, Watch watch) {
  std::vector<pipeline::Subscription> ended;
  if (const auto known = watches_.find(session_id); known != watches_.end()) {
    ended.push_back(std::move(known->second.subscription));
    known->second = std::move(watch);
  } else {
    watches_.emplace(session_id, std::move(watch));
    watch_order_.push_back(session_id);
    if (watch_order_.size() > kMaxWatches) {
      ended.push_back(std::move(watches_[watch_order_.front()].subscription));
      watches_.erase(watch_order_.front());
      watch_order_.erase(watch_order_.begin());
    }
  }
  if (!ended.empty()) parts_.pool->SubmitAlways([ended = std::move(ended)] {});
}

void PracticeSocket::Deliver(const std::string& session_id, std::int64_t number, std::string text) {
  if (const auto watch = watches_.find(session_id); watch != watches_.end()) {
    if (number == 0) {
      text = WithEventNumber(std::move(text), watch->second.last_event);
    } else {
      if (number <= watch->second.last_event) return;
      watch->second.last_event = number;
    }
  }
  last_message_ms_ = parts_.clock->NowMs();
  Send(std::move(text));
}

bool PracticeSocket::TakeMessage(std::size_t bytes) {
  if (!peer_) return false;
  last_message_ms_ = parts_.clock->NowMs();
  // A packed message of a kilobyte may hold a megabyte: what is long counts as several.
  if (messages_.Take(last_message_ms_, 1.0 + static_cast<double>(bytes / kBytesOfAMessage)) == 0) return true;
  SendError(base::ErrorCode::kRateLimited);
  peer_->Close(CloseCode::kFlood, "too many messages a second");
  return false;
}

void PracticeSocket::CountUnreadable() {
  if (++unreadable_in_row_ >= kMaxUnreadableInRow && peer_)
    peer_->Close(CloseCode::kUnreadable, "nothing but unreadable messages");
}

void PracticeSocket::WatchIdleness() {
  After(kIdleCheck, [](PracticeSocket& self) {
    const std::int64_t idle_ms = self.parts_.clock->NowMs() - self.last_message_ms_;
    if (idle_ms > (self.recording_ ? kIdleWhileRecordingMs : kIdleMs)) return self.peer_->Close(CloseCode::kIdle, "idle");
    self.WatchIdleness();
  });
}

void PracticeSocket::After(std::chrono::milliseconds pause, std::function<void(PracticeSocket&)> then) {
  parts_.after(pause, [weak = weak_from_this(), peer = std::weak_ptr(peer_), then = std::move(then)] {
    const auto alive = peer.lock();
    if (!alive) return;
    alive->Post([weak, then] {
      if (const auto self = weak.lock(); self && self->peer_) then(*self);
    });
  });
}

Stamp PracticeSocket::StampFor(const std::string& session_id) const {
  const auto watch = watches_.find(session_id);
  return {session_id, watch != watches_.end() ? watch->second.last_event : 0, parts_.clock->NowMs()};
}

void PracticeSocket::Send(std::string text) {
  if (peer_) peer_->Send(std::move(text));
}

void PracticeSocket::SendError(base::ErrorCode code, const std::string& session_id, std::string field, std::string client_ref,
                               std::optional<model::Locale> locale) {
  if (parts_.metrics != nullptr) parts_.metrics->ErrorTold(metrics::Surface::kWebSocket, code);
  const auto watch = watches_.find(session_id);
  const model::Locale spoken = watch != watches_.end() ? watch->second.locale : locale.value_or(parts_.locale);
  Send(ErrorMessage(StampFor(session_id), {code, spoken, std::move(field), std::move(client_ref)}));
}

}  // namespace speechcoach::api
