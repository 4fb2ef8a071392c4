#include "api/ws/practice_socket.h"

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
constexpr std::int64_t kLevelIntervalMs = 50;
constexpr std::chrono::seconds kIdleCheck{30};
constexpr std::int64_t kIdleMs = 10 * 60 * 1000;
constexpr std::int64_t kIdleWhileRecordingMs = 60 * 1000;

}  // namespace

PracticeSocket::PracticeSocket(const SocketParts& parts, std::int64_t user_id)
    : parts_(parts), user_id_(user_id), messages_(parts.messages_per_second, kBurstSeconds * parts.messages_per_second) {}

void PracticeSocket::OnOpen(std::shared_ptr<WebSocketPeer> peer) {
  peer_ = std::move(peer);
  last_message_ms_ = parts_.clock->NowMs();
  Send(HelloMessage(last_message_ms_, parts_.limits));
  WatchIdleness();
}

void PracticeSocket::OnText(std::string_view text) {
  if (!TakeMessage()) return;
  auto parsed = ParseClientMessage(text);
  if (const auto* bad = std::get_if<BadMessage>(&parsed)) {
    SendError(bad->code, {}, bad->field, bad->client_ref);
    return CountUnreadable();
  }
  unreadable_in_row_ = 0;
  std::visit([this](const auto& message) { Handle(message); }, std::get<ClientMessage>(parsed));
}

void PracticeSocket::OnBinary(std::span<const std::uint8_t> bytes) {
  if (!TakeMessage()) return;
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
    interrupt = [service = parts_.service, user = user_id_, id = recording_->session_id] {
      if (const base::Status done = service->Interrupt(user, id); !done.ok()) {
        base::Log(base::LogLevel::kWarning, "interruption not recorded", {{"session_id", id}, {"reason", done.error().message}});
      }
    };
  }
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
  const bool is_called = CallService([self = shared_from_this(), peer = peer_, wanted, start]() -> Continuation {
    const auto created = self->parts_.service->Create(wanted);
    const auto failed = [&](const base::Error& error) {
      base::Log(base::LogLevel::kDebug, "session not started",
                {{"code", base::ErrorCodeName(error.code)}, {"reason", error.message}});
      return [self, code = error.code, client_ref = start.client_ref, id = created.ok() ? created->id : std::string()] {
        self->SendError(code, id, {}, client_ref);
      };
    };
    if (!created.ok()) return failed(created.error());
    if (const base::Status begun = self->parts_.service->BeginRecording(self->user_id_, created->id); !begun.ok()) {
      return failed(begun.error());
    }
    auto subscription = self->Subscribe(peer, created->id, 0, created->locale);
    return [self, start, session = *created, subscription] { self->BeginStream(session, start, subscription); };
  });
  if (!is_called) SendError(base::ErrorCode::kBusy, {}, {}, start.client_ref);
}

void PracticeSocket::BeginStream(const model::Session& session, const StartSession& start, pipeline::Subscription subscription) {
  recording_.emplace();
  recording_->session_id = session.id;
  recording_->stream_id = ++last_stream_id_;
  recording_->buffer = std::make_shared<RecordingBuffer>(start.source, parts_.limits);
  if (start.source.sample_rate_hz > 0) recording_->listener = parts_.service->Listen(session.id, start.source.sample_rate_hz);
  AddWatch(session.id, {std::move(subscription), 0, session.locale});
  // The connection may have gone while the session was made.
  if (!peer_) return OnClosed();
  Send(SessionStartedMessage(StampFor(session.id), recording_->stream_id, parts_.limits, start.client_ref));
}

void PracticeSocket::Handle(const AudioChunk& chunk) {
  if (IsCurrent(chunk.session_id)) return TakeChunk(chunk.seq, chunk.bytes);
  if (chunk.session_id != ended_session_id_) SendError(base::ErrorCode::kWrongState, chunk.session_id);
}

void PracticeSocket::TakeChunk(std::uint32_t seq, std::span<const std::uint8_t> bytes) {
  const std::string session_id = recording_->session_id;
  if (recording_->is_submitted) return;
  if (recording_->last_seq && seq > *recording_->last_seq) return SendError(base::ErrorCode::kBadField, session_id, "seq");
  const auto added = recording_->buffer->Add(seq, bytes);
  if (!added.ok()) {
    if (added.error().code != base::ErrorCode::kBadField) return GiveUpRecording(added.error().code);
    return SendError(base::ErrorCode::kBadField, session_id, "seq");
  }
  if (recording_->listener) recording_->listener->Append(recording_->buffer->TakeNewSamples());
  if (added->missing) Send(ChunkRequestMessage(StampFor(session_id), *added->missing));
  const std::int64_t now_ms = parts_.clock->NowMs();
  if (added->loudness && now_ms - recording_->last_level_ms >= kLevelIntervalMs) {
    recording_->last_level_ms = now_ms;
    peer_->SendUnlessBehind(LevelMessage(StampFor(session_id), seq, *added->loudness));
  }
  SubmitWhenComplete();
}

void PracticeSocket::Handle(const EndRecording& end) {
  if (!IsCurrent(end.session_id)) return SendError(base::ErrorCode::kWrongState, end.session_id);
  if (recording_->is_submitted) return;
  if (recording_->buffer->HasBeyond(end.last_seq)) return SendError(base::ErrorCode::kBadField, end.session_id, "last_seq");
  if (end.last_seq < 0) return GiveUpRecording(base::ErrorCode::kNoSpeech);
  recording_->last_seq = static_cast<std::uint32_t>(end.last_seq);
  for (const SeqRange& missing : recording_->buffer->MissingUpTo(*recording_->last_seq)) {
    Send(ChunkRequestMessage(StampFor(end.session_id), missing));
  }
  SubmitWhenComplete();
}

void PracticeSocket::SubmitWhenComplete() {
  if (recording_->last_seq && recording_->buffer->HasAllUpTo(*recording_->last_seq)) Submit();
}

void PracticeSocket::Submit() {
  recording_->is_submitted = true;
  recording_->listener.reset();
  const std::string session_id = recording_->session_id;
  const bool is_called = CallService([self = shared_from_this(), session_id, buffer = recording_->buffer]() -> Continuation {
    const auto submitted = self->parts_.service->SubmitAudio(self->user_id_, session_id, buffer->Finish());
    return [self, session_id, error = submitted.ok() ? std::nullopt : std::optional(submitted.error().code)] {
      if (error) self->SendError(*error, session_id);
      self->ended_session_id_ = session_id;
      self->recording_.reset();
    };
  });
  if (is_called) return;
  // The recording stays: the client may end it again.
  recording_->is_submitted = false;
  recording_->last_seq.reset();
  SendError(base::ErrorCode::kBusy, session_id);
}

void PracticeSocket::GiveUpRecording(base::ErrorCode code) {
  const std::string session_id = recording_->session_id;
  recording_.reset();
  ended_session_id_ = session_id;
  SendError(code, session_id);
  parts_.pool->SubmitAlways([service = parts_.service, user = user_id_, session_id] {
    if (const base::Status done = service->Abandon(user, session_id); !done.ok()) {
      base::Log(base::LogLevel::kWarning, "session not abandoned",
                {{"session_id", session_id}, {"reason", done.error().message}});
    }
  });
}

void PracticeSocket::Handle(const CancelRecording& cancel) {
  if (IsCurrent(cancel.session_id) && !recording_->is_submitted) {
    ended_session_id_ = cancel.session_id;
    recording_.reset();
  }
  const bool is_called = CallService([self = shared_from_this(), id = cancel.session_id]() -> Continuation {
    const base::Status done = self->parts_.service->Abandon(self->user_id_, id);
    return [self, id, error = done.ok() ? std::nullopt : std::optional(done.error().code)] {
      if (error) return self->SendError(*error, id);
      self->Send(CancelledMessage(self->StampFor(id)));
    };
  });
  if (!is_called) SendError(base::ErrorCode::kBusy, cancel.session_id);
}

void PracticeSocket::Handle(const Ping& ping) { Send(PongMessage(parts_.clock->NowMs(), ping.nonce)); }

void PracticeSocket::Handle(const RetryAnalysis& retry) {
  const auto known = watches_.find(retry.session_id);
  const std::int64_t last_event = retry.last_event.value_or(known != watches_.end() ? known->second.last_event : 0);
  Follow(retry.session_id, last_event, [service = parts_.service, user = user_id_, id = retry.session_id, full = retry.full] {
    return service->Retry(user, id, full);
  });
}

void PracticeSocket::Handle(const ResumeSession& resume) {
  Follow(resume.session_id, resume.last_event,
         [service = parts_.service, user = user_id_, id = resume.session_id] { return service->Get(user, id); });
}

void PracticeSocket::Follow(const std::string& session_id, std::int64_t last_event,
                            std::function<base::Result<model::Session>()> load) {
  // A watch that is there ends before the new one begins, or its events would come twice and out of order.
  const auto before = std::make_shared<pipeline::Subscription>();
  std::optional<std::pair<std::int64_t, model::Locale>> watched;
  if (const auto known = watches_.find(session_id); known != watches_.end()) {
    *before = std::move(known->second.subscription);
    watched.emplace(known->second.last_event, known->second.locale);
  }
  const bool is_called =
      CallService([self = shared_from_this(), peer = peer_, session_id, last_event, load, before, watched]() -> Continuation {
        before->reset();
        const auto session = load();
        if (!session.ok()) {
          // What was watched goes on being watched, from where it was.
          auto again = watched ? self->Subscribe(peer, session_id, watched->first, watched->second) : nullptr;
          return [self, session_id, again, code = session.error().code] {
            const auto watch = self->watches_.find(session_id);
            if (watch != self->watches_.end()) watch->second.subscription = again;
            self->SendError(code, session_id);
            if (!self->peer_) self->OnClosed();
          };
        }
        // Said before the subscription replays anything.
        peer->Post([self, session_id, last_event, session = *session] {
          const std::uint32_t next_seq = self->IsCurrent(session_id) ? self->recording_->buffer->next_seq() : 0;
          self->AddWatch(session_id, {nullptr, last_event, session.locale});
          self->Send(ResumedMessage(self->StampFor(session_id), session.status, next_seq));
        });
        auto subscription = self->Subscribe(peer, session_id, last_event, session->locale);
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
        peer->Post([weak, id = event.session_id, number = event.number, text = EventMessage(event, locale)] {
          if (const auto self = weak.lock()) self->Deliver(id, number, text);
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
      watch_order_.pop_front();
    }
  }
  if (!ended.empty()) parts_.pool->SubmitAlways([ended = std::move(ended)] {});
}

void PracticeSocket::Deliver(const std::string& session_id, std::int64_t number, std::string text) {
  if (const auto watch = watches_.find(session_id); watch != watches_.end()) {
    if (number <= watch->second.last_event) return;
    watch->second.last_event = number;
  }
  last_message_ms_ = parts_.clock->NowMs();
  Send(std::move(text));
}

bool PracticeSocket::TakeMessage() {
  if (!peer_) return false;
  last_message_ms_ = parts_.clock->NowMs();
  if (messages_.Take(last_message_ms_) == 0) return true;
  peer_->Close(CloseCode::kFlood, "too many messages a second");
  return false;
}

void PracticeSocket::CountUnreadable() {
  if (++unreadable_in_row_ >= kMaxUnreadableInRow && peer_)
    peer_->Close(CloseCode::kUnreadable, "nothing but unreadable messages");
}

void PracticeSocket::WatchIdleness() {
  parts_.after(kIdleCheck, [weak = weak_from_this(), peer = std::weak_ptr(peer_)] {
    const auto alive = peer.lock();
    if (!alive) return;
    alive->Post([weak] {
      const auto self = weak.lock();
      if (!self || !self->peer_) return;
      const std::int64_t idle_ms = self->parts_.clock->NowMs() - self->last_message_ms_;
      if (idle_ms > (self->recording_ ? kIdleWhileRecordingMs : kIdleMs)) return self->peer_->Close(CloseCode::kIdle, "idle");
      self->WatchIdleness();
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

void PracticeSocket::SendError(base::ErrorCode code, const std::string& session_id, std::string field, std::string client_ref) {
  const auto watch = watches_.find(session_id);
  const model::Locale locale = watch != watches_.end() ? watch->second.locale : parts_.locale;
  Send(ErrorMessage(StampFor(session_id), {code, locale, std::move(field), std::move(client_ref)}));
}

}  // namespace speechcoach::api
