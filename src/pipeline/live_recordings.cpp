#include "pipeline/live_recordings.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <utility>

#include "base/log.h"

namespace speechcoach::pipeline {
namespace {

using enum model::SessionStatus;

constexpr std::int64_t kMaxRoundMs = 15'000;
constexpr std::int64_t kStuckMs = 5 * 60 * 1000;  // an analysis that has not ended by then is likely to have lost its process
constexpr std::int64_t kKeepEventsMs = 24 * 3600 * 1000;
constexpr std::int64_t kEventRoundMs = 10 * 60 * 1000;

bool IsComplete(const spool::StreamSummary& stream) { return stream.last_seq && stream.next_seq == *stream.last_seq + 1; }

// True where another try can help: the recording stays where it is.
bool IsPassing(base::ErrorCode code) { return code == base::ErrorCode::kBusy || code == base::ErrorCode::kStorageUnavailable; }

}  // namespace

void LiveRecordings::Start() {
  const std::int64_t every_ms = std::clamp<std::int64_t>(config_.live.resume_window_s * 1000LL / 4, 250, kMaxRoundMs);
  rounds_ = std::jthread([this, every_ms](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any stopped;
    while (!stop.stop_requested()) {
      ClearAway();
      std::unique_lock lock(mutex);
      stopped.wait_for(lock, stop, std::chrono::milliseconds(every_ms), [] { return false; });
    }
  });
}

void LiveRecordings::Stop() {
  if (!rounds_.joinable()) return;
  rounds_.request_stop();
  rounds_.join();
}

base::Result<spool::StreamId> LiveRecordings::StreamOf(const std::string& session_id) {
  const auto turn = parts_.service->OpenTurn(session_id);
  if (!turn.ok()) return turn.error();
  return spool::StreamId{session_id, static_cast<std::uint32_t>(*turn)};
}

base::Result<LiveRecordings::Begun> LiveRecordings::Begin(std::int64_t user_id, const std::string& session_id,
                                                          const AudioSource& source, spool::OnSafe on_safe) {
  // Whoever does not own the session must not touch its stream.
  const auto session = parts_.service->Get(user_id, session_id);
  if (!session.ok()) return session.error();
  if (!SessionService::MayBegin(session->status)) return {base::ErrorCode::kWrongState, "the recording is under way, or over"};
  const auto stream = StreamOf(session_id);
  if (!stream.ok()) return stream.error();
  auto writer = parts_.spool->Create(*stream, ToHeader(source), std::move(on_safe));
  if (!writer.ok()) {
    // A turn is under way, here or at another server.
    if (writer.error().code == base::ErrorCode::kConflict) return {base::ErrorCode::kWrongState, "the recording has begun"};
    return writer.error();
  }
  // Waits until the stream's beginning is safe.
  if (const auto begun = parts_.spool->Read(*stream); !begun.ok()) {
    parts_.spool->Remove(*stream);
    return begun.error();
  }
  if (const base::Status moved = parts_.service->BeginRecording(user_id, session_id); !moved.ok()) {
    parts_.spool->Remove(*stream);
    return moved.error();
  }
  return Begun{static_cast<int>(stream->turn), std::move(*writer)};
}

base::Result<Continued> LiveRecordings::Continue(std::int64_t user_id, const std::string& session_id,
                                                 const spool::OnSafe& on_safe) {
  auto session = parts_.service->Get(user_id, session_id);
  if (!session.ok()) return session.error();
  if (session->status == kAbandoned && session->error && session->error->code == base::ErrorCode::kSessionExpired)
    return *session->error;
  Continued continued{std::move(*session), 0, std::nullopt};
  const auto stream = StreamOf(session_id);
  if (!stream.ok()) return stream.error();
  continued.turn = static_cast<int>(stream->turn);
  const bool takes_audio = continued.session.status == kRecording || continued.session.status == kInterrupted ||
                           continued.session.status == kAwaitingAudio;
  if (!takes_audio) {
    parts_.service->MakeSureOf(continued.session);
    return continued;
  }
  auto resumed = parts_.spool->Resume(*stream, on_safe);
  if (!resumed.ok()) {
    if (resumed.error().code != base::ErrorCode::kNotFound) return resumed.error();
    // An upload may still come by REST.
    if (continued.session.status == kAwaitingAudio) return continued;
    return {base::ErrorCode::kSessionExpired, "the recording is not kept any more"};
  }
  const auto source = SourceFromHeader(resumed->content.header);
  if (!source) return {base::ErrorCode::kInternal, "the spool's header is of another version"};
  if (continued.session.status == kInterrupted) {
    if (const base::Status moved = parts_.service->Continue(user_id, session_id); !moved.ok()) return moved.error();
    continued.session.status = kRecording;
  }
  continued.stream.emplace(Continued::Stream{*source, std::move(resumed->content), std::move(resumed->writer)});
  return continued;
}

base::Result<model::Session> LiveRecordings::Submit(std::int64_t user_id, const std::string& session_id) {
  if (parts_.service->IsFull()) return {base::ErrorCode::kBusy, "too many recordings wait"};
  const auto stream = StreamOf(session_id);
  if (!stream.ok()) return stream.error();
  auto content = parts_.spool->Read(*stream);
  if (!content.ok()) {
    if (content.error().code == base::ErrorCode::kNotFound) return {base::ErrorCode::kWrongState, "no recording is under way"};
    return content.error();
  }
  const auto source = SourceFromHeader(content->header);
  if (!source) return {base::ErrorCode::kInternal, "the spool's header is of another version"};
  if (!content->last_seq || content->next_seq() != *content->last_seq + 1) {
    return {base::ErrorCode::kWrongState, "the recording is not complete"};
  }
  auto submitted = parts_.service->SubmitAudio(user_id, session_id, ToRecording(*source, std::move(content->bytes)));
  if (submitted.ok() || !MayBeTakenLater(session_id, submitted.error().code)) parts_.spool->Remove(*stream);
  return submitted;
}

bool LiveRecordings::MayBeTakenLater(const std::string& session_id, base::ErrorCode why) {
  if (IsPassing(why)) return true;
  if (why != base::ErrorCode::kWrongState) return false;
  // Another server may have tried the same at the same time, and could not keep it either.
  const auto session = parts_.sessions->Get(session_id);
  if (!session.ok()) return session.error().code != base::ErrorCode::kSessionNotFound;
  return session->status != kProcessing && !model::IsFinal(session->status);
}

base::Status LiveRecordings::Abandon(std::int64_t user_id, const std::string& session_id) {
  const auto stream = StreamOf(session_id);
  if (!stream.ok()) return stream.error();
  const base::Status abandoned = parts_.service->Abandon(user_id, session_id);
  if (abandoned.ok()) parts_.spool->Remove(*stream);
  return abandoned;
}

// A recording whose connection was lost long ago.
void LiveRecordings::EndLeft(const spool::StreamId& id) {
  const auto session = parts_.sessions->Get(id.session_id);
  if (!session.ok()) {
    if (session.error().code != base::ErrorCode::kSessionNotFound) return;
    not_taken_.erase(id);
    parts_.spool->Remove(id);
    return;
  }
  const auto current = StreamOf(id.session_id);
  if (!current.ok()) return;
  const auto stream = parts_.spool->Find(id);
  if (!stream.ok() && IsPassing(stream.error().code)) return;
  const std::int64_t window_ms = config_.live.resume_window_s * 1000LL;
  if (stream && parts_.clock->NowMs() - stream->last_append_ms < window_ms) return;
  not_taken_.erase(id);
  const bool is_complete = stream && IsComplete(*stream);
  const bool is_under_way = session->status == kRecording || session->status == kInterrupted;
  const bool is_open = *current == id && (is_under_way || (session->status == kAwaitingAudio && is_complete));
  if (is_open && is_complete) {
    const auto submitted = Submit(session->user_id, id.session_id);
    if (submitted.ok()) return;
    if (IsPassing(submitted.error().code) || submitted.error().code == base::ErrorCode::kWrongState) {
      not_taken_.insert(id);
      return;
    }
  }
  // First, for somebody may continue it now.
  if (!parts_.spool->RemoveLeft(id, window_ms) || !is_open) return;
  const base::Status expired = parts_.service->Expire(session->user_id, id.session_id);
  if (expired.ok()) base::Log(base::LogLevel::kInfo, "recording given up: nobody continued it", {{"session_id", id.session_id}});
}

void LiveRecordings::ForEachLong(model::SessionStatus status, std::int64_t age_ms,
                                 const std::function<void(const std::string&)>& act) {
  const auto ids = parts_.sessions->IdsWithStatus(status);
  if (!ids.ok()) return;
  const std::int64_t now_ms = parts_.clock->NowMs();
  const std::set<std::string> there(ids->begin(), ids->end());
  std::erase_if(first_seen_ms_,
                [&](const auto& seen) { return seen.first.second == status && !there.contains(seen.first.first); });
  for (const std::string& id : *ids) {
    const auto [seen, is_new] = first_seen_ms_.try_emplace({id, status}, now_ms);
    if (!is_new && now_ms - seen->second >= age_ms) act(id);
  }
}

void LiveRecordings::ClearAway() {
  const std::int64_t window_ms = config_.live.resume_window_s * 1000LL;
  std::set<spool::StreamId> left = not_taken_;
  for (spool::StreamId& id : parts_.spool->Left(window_ms)) left.insert(std::move(id));
  for (const spool::StreamId& id : left) EndLeft(id);
  for (const model::SessionStatus status : {kRecording, kInterrupted}) {
    ForEachLong(status, window_ms, [this](const std::string& id) {
      if (const auto stream = StreamOf(id); stream.ok()) EndLeft(*stream);
    });
  }
  ForEachLong(kProcessing, kStuckMs, [this](const std::string& id) {
    const auto session = parts_.sessions->Get(id);
    if (session.ok()) parts_.service->MakeSureOf(*session);
  });
  const std::int64_t now_ms = parts_.clock->NowMs();
  if (now_ms - events_removed_ms_ >= kEventRoundMs) {
    events_removed_ms_ = now_ms;
    const base::Status removed = parts_.events->RemoveOlderThan(now_ms - kKeepEventsMs);
    if (!removed.ok()) base::Log(base::LogLevel::kWarning, "old events not removed", {{"reason", removed.error().message}});
  }
  // A stream taken up from another process's files is needed for as long as its own.
  parts_.spool->Clean(4 * window_ms);
}

}  // namespace speechcoach::pipeline
