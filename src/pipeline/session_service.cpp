#include "pipeline/session_service.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <future>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/id.h"
#include "base/log.h"
#include "pipeline/conversation_summary.h"
#include "pipeline/learner_history.h"
#include "pipeline/reference_sentence.h"
#include "pipeline/session_jobs.h"
#include "pipeline/session_state.h"
#include "trace/span.h"

namespace speechcoach::pipeline {
namespace {

constexpr std::size_t kMaxReferenceBytes = 1000;
constexpr std::int64_t kHourMs = 3600 * 1000;
constexpr std::int64_t kTellingMs = 3000;  // a process that lives has told a result by then
constexpr int kMaxListeners = 32;          // each holds a minute of samples, and the model serves them one after the other
constexpr std::string_view kUsualLevel = "A2";

using enum model::SessionStatus;

// New for every upload: one that comes too late cannot touch the audio of the one that was taken.
std::string NewBlobKey(const model::Session& session, std::string_view format) {
  return fmt::format("{}/{}-{}.{}", session.user_id, session.id, base::RandomHex(4), format);
}

// In the place of a language model that is asked no more.
class SilentWriter final : public scoring::FeedbackWriter {
 public:
  explicit SilentWriter(base::Error why) : why_(std::move(why)) {}
  base::Result<model::Feedback> Write(const scoring::Evidence&, const scoring::ScoreReport&,
                                      const scoring::FeedbackWish&) override {
    return why_;
  }

 private:
  const base::Error why_;
};

}  // namespace

SessionService::SessionService(const base::Config& config, ServiceParts parts) : config_(config), parts_(std::move(parts)) {}

base::Status SessionService::Work() {
  return parts_.queue->Start([this](const queue::Job& job, const std::stop_token& stop) { return Do(job, stop); },
                             [this](const queue::Job& job) { return GiveUp(job); });
}

base::Status SessionService::Start() {
  const base::Status started = Work();
  if (started.ok()) Recover();
  return started;
}

void SessionService::Stop(std::chrono::milliseconds grace) { parts_.queue->Stop(grace); }

base::Status SessionService::EnqueueAnalysis(const std::string& session_id) {
  if (config_.broker.url.empty()) return parts_.queue->Enqueue({kAnalyseJob, session_id, 0});
  if (const base::Status queued = parts_.queue->Enqueue({kTranscribeJob, session_id, 0}); !queued.ok()) return queued;
  if (const base::Status beside = parts_.queue->Enqueue({kMeasureVoiceJob, session_id, 0}); !beside.ok()) {
    // Who transcribes measures the voice as well where nobody has.
    base::Log(base::LogLevel::kWarning, "voice not queued", {{"session_id", session_id}, {"reason", beside.error().message}});
  }
  return {};
}

// A session is marked `processing` before its job is queued, and its audio is acknowledged after that. One that died in
// between was never acknowledged, but its audio is there: it is analysed all the same. The others are queued already, and in one process the
// same job twice is one. In a broker it is two: there only those are sent again that nobody has ended for so long that it would have given
// them to another worker.
void SessionService::Recover() {
  const auto ids = parts_.sessions->IdsWithStatus(kProcessing);
  if (!ids.ok()) {
    base::Log(base::LogLevel::kWarning, "unfinished sessions could not be listed", {{"reason", ids.error().message}});
    return;
  }
  std::size_t taken_up = 0;
  for (const std::string& id : *ids) {
    if (!config_.broker.url.empty() && !IsOverdue(id)) continue;
    ++taken_up;
    const base::Status queued = EnqueueAnalysis(id);
    if (!queued.ok())
      base::Log(base::LogLevel::kWarning, "unfinished session not queued",
                {{"session_id", id}, {"reason", queued.error().message}});
  }
  if (taken_up > 0) base::Log(base::LogLevel::kInfo, "unfinished sessions taken up", {{"count", taken_up}});
  if (!config_.broker.url.empty()) return;  // other servers' recordings go on
  // Recordings whose connections died with the process.
  const auto recording = parts_.sessions->IdsWithStatus(kRecording);
  if (!recording.ok()) return;
  for (const std::string& id : *recording) {
    auto session = parts_.sessions->Get(id);
    if (session.ok() && !Move(std::move(*session), kInterrupted).ok()) {
      base::Log(base::LogLevel::kWarning, "interrupted recording not marked", {{"session_id", id}});
    }
  }
}

// An answer is younger than the question, any other recording than its session.
bool SessionService::IsOverdue(const std::string& session_id) {
  const auto session = parts_.sessions->Get(session_id);
  if (!session.ok()) return false;
  const auto turns = Turns(*session);
  if (!turns.ok()) return false;
  const model::Turn* turn = Conversations::TurnOf(*turns, *session);
  const std::int64_t earliest_ms = turn != nullptr ? turn->created_at_ms : session->created_at_ms;
  return parts_.clock->NowMs() - earliest_ms > std::int64_t{1000} * config_.broker.visibility_timeout_s;
}

base::Status SessionService::CheckText(const NewSession& request) {
  if (request.mode != model::Mode::kSentencePractice || request.sentence_id) return {};
  if (request.reference_text.size() > kMaxReferenceBytes)
    return {base::ErrorCode::kBadField, fmt::format("reference_text is longer than {} bytes", kMaxReferenceBytes)};
  return CheckReference(request.reference_text);
}

base::Result<model::Session> SessionService::Create(const NewSession& request) {
  if (const base::Status readable = CheckText(request); !readable.ok()) return readable.error();
  model::Session session;
  session.id = base::NewUuid();
  session.user_id = request.user_id;
  session.mode = request.mode;
  session.locale = request.locale;
  session.created_at_ms = parts_.clock->NowMs();
  if (request.mode == model::Mode::kSentencePractice) {
    session.sentence_id = request.sentence_id;
    session.reference_text = request.reference_text;
    if (request.sentence_id) {
      const auto sentence = parts_.sentences->Get(*request.sentence_id, request.user_id);
      if (!sentence.ok()) return sentence.error();
      session.reference_text = sentence->text;
    }
  }
  if (!request.topic.empty() && (request.mode != model::Mode::kConversation || !Conversations::IsTopic(request.topic))) {
    return {base::ErrorCode::kBadField, "topic: none that there is to talk about"};
  }
  if (const base::Status allowed = MayPractise(session.user_id); !allowed.ok()) return allowed.error();
  if (IsFull()) return {base::ErrorCode::kBusy, "too many recordings wait"};
  if (const base::Status created = CreateWithin(session); !created.ok()) return created.error();
  if (request.topic.empty()) return session;
  const std::string level = request.level.empty() ? std::string(kUsualLevel) : request.level;
  if (const base::Status begun = parts_.conversations->Begin(session, request.topic, level); !begun.ok()) {
    if (const base::Status removed = parts_.sessions->Delete(session.id); !removed.ok()) {
      base::Log(base::LogLevel::kWarning, "conversation that did not begin not removed",
                {{"session_id", session.id}, {"reason", removed.error().message}});
    }
    return begun.error();
  }
  return session;
}

base::Status SessionService::MayPractise(std::int64_t user_id) {
  if (parts_.guardians == nullptr) return {};
  const auto allowed = parts_.guardians->MayPractise(user_id);
  if (!allowed.ok()) return allowed.error();
  if (!*allowed) return {base::ErrorCode::kForbidden, "a child without a guardian's consent"};
  return {};
}

base::Status SessionService::CreateWithin(const model::Session& session) {
  const std::lock_guard lock(quota_mutex_);
  const auto used = parts_.sessions->CountSince(session.user_id, session.created_at_ms - kHourMs);
  if (!used.ok()) return used.error();
  if (*used >= config_.limits.sessions_per_hour) {
    return {base::ErrorCode::kSessionQuota, fmt::format("{} sessions in the last hour", *used)};
  }
  return parts_.sessions->Create(session);
}

base::Result<model::Session> SessionService::Get(std::int64_t user_id, const std::string& session_id) {
  auto session = parts_.sessions->Get(session_id);
  // Somebody else's session looks just like none, so that ids cannot be probed.
  if (session.ok() && session->user_id != user_id) return {base::ErrorCode::kSessionNotFound, "not this user's session"};
  return session;
}

base::Result<storage::StoredSession> SessionService::GetStored(std::int64_t user_id, const std::string& session_id) {
  auto stored = parts_.sessions->GetStored(session_id);
  if (stored.ok() && stored->session.user_id != user_id) return {base::ErrorCode::kSessionNotFound, "not this user's session"};
  return stored;
}

base::Result<storage::StoredPage> SessionService::ListStored(std::int64_t user_id, const storage::SessionFilter& filter) {
  return parts_.sessions->ListStored(user_id, filter);
}

base::Result<storage::SummaryPage> SessionService::List(std::int64_t user_id, const storage::SessionFilter& filter) {
  return parts_.sessions->ListSummaries(user_id, filter);
}

base::Result<LearnerHabits> SessionService::Habits(std::int64_t user_id) {
  storage::SessionFilter latest;
  latest.limit = kSessionsWithHabits;
  const auto page = parts_.sessions->List(user_id, latest);
  if (!page.ok()) return page.error();
  return HabitsIn(page->sessions);
}

base::Result<model::Session> SessionService::Move(model::Session session, model::SessionStatus to) {
  const model::SessionStatus from = session.status;
  if (!MayMove(from, to)) {
    return {base::ErrorCode::kWrongState,
            fmt::format("a session that is {} cannot become {}", model::Name(from), model::Name(to))};
  }
  session.status = to;
  if (model::IsFinal(to)) session.completed_at_ms = parts_.clock->NowMs();
  if (const base::Status updated = parts_.sessions->UpdateIfStatus(session, from); !updated.ok()) return updated.error();
  return session;
}

base::Status SessionService::MoveOwn(std::int64_t user_id, const std::string& session_id, model::SessionStatus to) {
  auto session = Get(user_id, session_id);
  if (!session.ok()) return session.error();
  const auto moved = Move(std::move(*session), to);
  return moved.ok() ? base::Status() : base::Status(moved.error());
}

bool SessionService::MayBegin(model::SessionStatus status) {
  return status == kCreated || status == kAwaitingAudio || status == kCompleted || status == kDegraded || status == kFailed;
}

base::Status SessionService::BeginRecording(std::int64_t user_id, const std::string& session_id) {
  auto session = Get(user_id, session_id);
  if (!session.ok()) return session.error();
  if (!MayBegin(session->status)) return {base::ErrorCode::kWrongState, "the recording is under way, or over"};
  if (const base::Status allowed = MayPractise(user_id); !allowed.ok()) return allowed;
  const auto turns = Turns(*session);
  if (!turns.ok()) return turns.error();
  if (session->status != kCreated || !turns->empty()) {
    const model::Turn* open = Conversations::OpenTurn(*turns);
    if (open == nullptr) return {base::ErrorCode::kWrongState, "no turn is to come"};
    if (open->number > config_.limits.turns_per_session) {
      return {base::ErrorCode::kSessionQuota, fmt::format("{} turns in one conversation", config_.limits.turns_per_session)};
    }
  }
  session->completed_at_ms = 0;
  session->error.reset();
  const auto moved = Move(std::move(*session), kRecording);
  return moved.ok() ? base::Status() : base::Status(moved.error());
}

base::Result<std::vector<model::Turn>> SessionService::Turns(const model::Session& session) {
  if (session.mode != model::Mode::kConversation || parts_.conversations == nullptr) return std::vector<model::Turn>();
  return parts_.conversations->Of(session.id);
}

base::Result<int> SessionService::OpenTurn(const std::string& session_id) {
  if (parts_.conversations == nullptr) return 0;
  const auto turns = parts_.conversations->Of(session_id);
  if (!turns.ok()) return turns.error();
  const model::Turn* open = Conversations::OpenTurn(*turns);
  return open != nullptr ? open->number : 0;
}

std::shared_ptr<LiveListener> SessionService::Listen(const model::Session& session, const AudioSource& source,
                                                     LiveListener::OnVoice on_voice) {
  const Stages& stages = parts_.stages;
  if (stages.live == nullptr && stages.live_prosody == nullptr) return nullptr;
  if (!source.is_pcm() && parts_.live_decoder == nullptr) return nullptr;
  const std::shared_ptr<void> place(&listeners_, [this](void*) { --listeners_; });
  if (++listeners_ > kMaxListeners) return nullptr;
  const LiveEars ears{stages.live,
                      stages.live_prosody,
                      stages.hints,
                      parts_.live_decoder,
                      [this](std::function<void()> task) { ears_.Run(std::move(task)); },
                      parts_.live_patience};
  auto listener = LiveListener::Start(
      ears, *parts_.events, {session.id, session.reference_text, source, config_.audio.max_seconds}, std::move(on_voice));
  if (listener.ok()) return {listener->release(), [place](LiveListener* ended) { delete ended; }};
  base::Log(base::LogLevel::kWarning, "not listening live", {{"session_id", session.id}, {"reason", listener.error().message}});
  return nullptr;
}

base::Status SessionService::Interrupt(std::int64_t user_id, const std::string& session_id) {
  return MoveOwn(user_id, session_id, kInterrupted);
}

base::Status SessionService::Continue(std::int64_t user_id, const std::string& session_id) {
  const base::Status moved = MoveOwn(user_id, session_id, kRecording);
  if (moved.ok() || moved.error().code != base::ErrorCode::kWrongState) return moved;
  // The server before may not have noticed yet that its connection was lost.
  const auto session = Get(user_id, session_id);
  return session.ok() && session->status == kRecording ? base::Status() : moved;
}

base::Status SessionService::Abandon(std::int64_t user_id, const std::string& session_id) {
  return Leave(user_id, session_id, std::nullopt);
}

base::Status SessionService::Expire(std::int64_t user_id, const std::string& session_id) {
  return Leave(user_id, session_id, base::Error{base::ErrorCode::kSessionExpired, "nobody continued the recording in time"});
}

base::Status SessionService::Leave(std::int64_t user_id, const std::string& session_id, std::optional<base::Error> why) {
  auto session = Get(user_id, session_id);
  if (!session.ok()) return session.error();
  // Its analysis goes on, and ends it.
  if (session->status == kProcessing) return {base::ErrorCode::kWrongState, "the recording is being analysed"};
  const auto turns = Turns(*session);
  if (!turns.ok()) return turns.error();
  const model::Turn* newest = Conversations::NewestAnswered(*turns);
  const model::SessionStatus to = StatusWithoutMore(*session, newest);
  if (newest != nullptr) why = session->analysis ? std::nullopt : newest->error;
  session->error = std::move(why);
  const auto moved = Move(std::move(*session), to);
  return moved.ok() ? base::Status() : base::Status(moved.error());
}

bool SessionService::IsFull() const { return parts_.queue->Waiting() >= config_.pipeline.max_queued; }

bool SessionService::IsHere(const std::string& session_id) {
  // A broker's workers are not here. It gives what one of them leaves undone to another, for as long as a store is away, and a job that is
  // given up stays with it until its session says so.
  if (!config_.broker.url.empty()) return true;
  const std::lock_guard lock(here_mutex_);
  return here_.contains(session_id);
}

void SessionService::NoteHere(const std::string& session_id, bool is_here) {
  if (!config_.broker.url.empty()) return;
  const std::lock_guard lock(here_mutex_);
  if (is_here) {
    here_.insert(session_id);
  } else {
    here_.erase(session_id);
  }
}

void SessionService::MakeSureOf(const model::Session& session) {
  if (session.status == kProcessing && !IsHere(session.id)) {
    // Where its process lives after all, the result is that of whichever comes first.
    parts_.events->FollowLog(session.id);
    const base::Status queued = EnqueueAnalysis(session.id);
    if (!queued.ok())
      base::Log(base::LogLevel::kWarning, "analysis not taken up",
                {{"session_id", session.id}, {"reason", queued.error().message}});
  }
  if (session.status != kCompleted && session.status != kDegraded && session.status != kFailed) return;
  if (parts_.clock->NowMs() - session.completed_at_ms < kTellingMs) return parts_.events->FollowLog(session.id);
  const auto turn = NewestAnswered(session);
  if (turn.ok()) static_cast<void>(TellEnd(session, *turn));
}

base::Result<std::optional<model::Turn>> SessionService::NewestAnswered(const model::Session& session) {
  const auto turns = Turns(session);
  if (!turns.ok()) return turns.error();
  const model::Turn* newest = Conversations::NewestAnswered(*turns);
  return newest != nullptr ? std::optional(*newest) : std::nullopt;
}

base::Status SessionService::TellEnd(const model::Session& session, const std::optional<model::Turn>& turn) {
  const int number = turn ? turn->number : 0;
  const auto& error = turn ? turn->error : session.error;
  const auto& analysis = turn ? turn->analysis : session.analysis;
  const auto tell = [&](EventPayload end) {
    return parts_.events->PublishEnd(session.id, std::move(end), session.completed_at_ms);
  };
  if (error) return tell(ErrorEvent{*error, model::Stage::kListening, number});
  if (analysis) return tell(CompleteEvent{*analysis, number});
  // A process died between forgetting a result and making it anew.
  return tell(ErrorEvent{{base::ErrorCode::kInternal, "the analysis is gone"}, model::Stage::kListening, number});
}

base::Result<model::Session> SessionService::AwaitAudio(model::Session session, const base::Error& why) {
  if (session.status != kAwaitingAudio) {
    session.error = why;
    const auto moved = Move(std::move(session), kAwaitingAudio);
    if (!moved.ok()) base::Log(base::LogLevel::kWarning, "session could not await audio", {{"reason", moved.error().message}});
  }
  return why;
}

base::Result<model::Session> SessionService::SubmitAudio(std::int64_t user_id, const std::string& session_id,
                                                         const Recording& recording) {
  trace::ActiveSpan span("submit recording");
  span->Set(kSessionIdAttribute, session_id);
  auto submitted = TakeAudio(user_id, session_id, recording);
  if (!submitted.ok()) span->Fail(base::ErrorCodeName(submitted.error().code));
  return submitted;
}

base::Result<model::Session> SessionService::TakeAudio(std::int64_t user_id, const std::string& session_id,
                                                       const Recording& recording) {
  auto found = Get(user_id, session_id);
  if (!found.ok()) return found.error();
  model::Session session = std::move(*found);
  if (!MayMove(session.status, kProcessing) || model::IsFinal(session.status)) {
    return {base::ErrorCode::kWrongState, fmt::format("a session that is {} takes no audio", model::Name(session.status))};
  }
  if (const base::Status allowed = MayPractise(user_id); !allowed.ok()) return allowed.error();

  if (const auto clip = Decode(recording.bytes, recording.format); !clip.ok()) {
    return AwaitAudio(std::move(session), clip.error());
  }
  const model::Session before = session;
  session.audio_format = recording.format.empty() ? std::string(audio::SniffFormat(recording.bytes)) : recording.format;
  session.audio_size_bytes = static_cast<std::int64_t>(recording.bytes.size());
  const std::string key = NewBlobKey(session, session.audio_format);
  session.audio_key = key;
  // Named before it is kept: a process that dies in between leaves no recording that nobody knows of.
  if (const base::Status named = parts_.sessions->UpdateIfStatus(session, before.status); !named.ok()) return named.error();
  if (const base::Status kept = Keep(key, recording.bytes); !kept.ok()) {
    if (const base::Status back = parts_.sessions->UpdateIfStatus(before, before.status); !back.ok()) {
      base::Log(base::LogLevel::kWarning, "recording that was not kept stays named",
                {{"session_id", before.id}, {"reason", back.error().message}});
    }
    return AwaitAudio(before, kept.error());
  }
  const std::string id = session.id;
  auto queued = Queue(std::move(session));
  const auto kept = parts_.sessions->Get(id);
  const bool is_unused = kept.ok() ? kept->audio_key != key : kept.error().code == base::ErrorCode::kSessionNotFound;
  if (!queued.ok() && is_unused) RemoveBlob(key);
  // An answer that could not be queued is said again: no row names its first recording any more.
  if (!before.audio_key.empty() && kept.ok() && kept->audio_key == key) {
    const auto turns = Turns(*kept);
    if (turns.ok() && std::ranges::find(*turns, before.audio_key, &model::Turn::audio_key) == turns->end())
      RemoveBlob(before.audio_key);
  }
  return queued;
}

base::Result<model::AudioClip> SessionService::Decode(std::span<const std::uint8_t> bytes, const std::string& format) {
  trace::ActiveSpan span("decode");
  span->Set("speechcoach.audio_bytes", static_cast<std::int64_t>(bytes.size()));
  auto clip = parts_.decoder->Decode(bytes, format);
  if (!clip.ok()) span->Fail(base::ErrorCodeName(clip.error().code));
  return clip;
}

base::Status SessionService::Keep(const std::string& key, std::span<const std::uint8_t> bytes) {
  trace::ActiveSpan span("store recording");
  base::Status kept = parts_.blobs->Put(key, bytes);
  if (!kept.ok()) span->Fail(base::ErrorCodeName(kept.error().code));
  return kept;
}

void SessionService::RemoveBlob(const std::string& key) {
  if (const base::Status removed = parts_.blobs->Delete(key); !removed.ok()) {
    base::Log(base::LogLevel::kWarning, "recording could not be removed", {{"reason", removed.error().message}});
  }
}

// Marks the session first: from then on a restart finds it, so whatever happens to the queue the analysis is not lost.
base::Result<model::Session> SessionService::Queue(model::Session session) {
  session.error.reset();
  session.completed_at_ms = 0;
  auto moved = Move(std::move(session), kProcessing);
  if (!moved.ok()) return moved;
  NoteHere(moved->id, true);
  if (const base::Status queued = EnqueueAnalysis(moved->id); !queued.ok()) {
    NoteHere(moved->id, false);
    model::Session failed = *moved;
    failed.error = queued.error();
    const auto back = Move(std::move(failed), kFailed);
    if (!back.ok()) return back;
    return queued.error();
  }
  TellPlaces();
  return moved;
}

// To all who wait, since every recording that is taken in or begun moves others.
void SessionService::TellPlaces() {
  const std::lock_guard in_order(places_mutex_);
  int ahead = 0;
  for (const std::string& session_id : parts_.queue->InOrder()) {
    parts_.events->Publish(session_id, ProgressEvent{0, model::Stage::kListening, ahead++});
  }
}

base::Result<Recording> SessionService::Audio(std::int64_t user_id, const std::string& session_id, std::optional<int> turn) {
  const auto session = Get(user_id, session_id);
  if (!session.ok()) return session.error();
  std::string key = session->audio_key;
  std::string format = session->audio_format;
  if (turn) {
    const auto turns = Turns(*session);
    if (!turns.ok()) return turns.error();
    const auto found = std::ranges::find(*turns, *turn, &model::Turn::number);
    key = found != turns->end() ? found->audio_key : std::string();
    format = found != turns->end() ? found->audio_format : std::string();
  }
  if (key.empty()) return {base::ErrorCode::kNotFound, "no audio is kept for this session"};
  auto bytes = parts_.blobs->Get(key);
  if (!bytes.ok()) return bytes.error();
  return Recording{format, std::move(*bytes)};
}

// So that whoever analyses the recording finds nothing to go on from.
base::Result<model::Session> SessionService::QueueAnew(const model::Session& session) {
  const auto turns = Turns(session);
  if (!turns.ok()) return turns.error();
  const model::Turn* turn = Conversations::TurnOf(*turns, session);
  model::Session fresh = session;
  fresh.analysis.reset();
  if (turn != nullptr) {
    model::Turn without = *turn;
    without.analysis.reset();
    if (const base::Status kept = parts_.conversations->Keep(without); !kept.ok()) return kept.error();
  }
  auto queued = Queue(std::move(fresh));
  if (queued.ok() || queued.error().code == base::ErrorCode::kWrongState) return queued;
  // The result that is there stays where another cannot be had.
  base::Status back = turn != nullptr ? parts_.conversations->Keep(*turn) : base::Status();
  if (back.ok()) back = parts_.sessions->UpdateIfStatus(session, kFailed);
  if (!back.ok())
    base::Log(base::LogLevel::kWarning, "earlier result not put back",
              {{"session_id", session.id}, {"reason", back.error().message}});
  return queued;
}

base::Result<model::Session> SessionService::Retry(std::int64_t user_id, const std::string& session_id, bool full) {
  auto session = Get(user_id, session_id);
  if (!session.ok() || session->status == kProcessing || (session->status == kCompleted && !full)) return session;
  if (session->audio_key.empty() || !model::IsFinal(session->status)) {
    return {base::ErrorCode::kWrongState, "there is no kept audio to analyse"};
  }
  if (IsFull()) return {base::ErrorCode::kBusy, "too many recordings wait"};
  auto queued = full ? QueueAnew(*session) : Queue(std::move(*session));
  if (queued.ok() || queued.error().code != base::ErrorCode::kWrongState) return queued;
  // Somebody else asked for the same at the same time.
  auto now = Get(user_id, session_id);
  if (now.ok() && now->status == kProcessing) return now;
  return queued;
}

base::Status SessionService::Delete(std::int64_t user_id, const std::string& session_id) {
  const auto session = Get(user_id, session_id);
  if (!session.ok()) return session.error();
  const auto turns = Turns(*session);
  if (!turns.ok()) return turns.error();
  // The voice goes first: where the row cannot follow, deleting again finishes the work.
  for (const model::Turn& turn : *turns) {
    if (turn.audio_key.empty() || turn.audio_key == session->audio_key) continue;
    if (const base::Status deleted = parts_.blobs->Delete(turn.audio_key); !deleted.ok()) return deleted;
  }
  if (!session->audio_key.empty()) {
    if (const base::Status deleted = parts_.blobs->Delete(session->audio_key); !deleted.ok()) return deleted;
  }
  if (parts_.progress != nullptr) {
    if (const base::Status forgotten = parts_.progress->Forget(user_id, session_id); !forgotten.ok()) return forgotten;
  }
  return parts_.sessions->Delete(session_id);
}

base::Result<model::Session> SessionService::WaitUntilFinal(std::int64_t user_id, const std::string& session_id,
                                                            std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::mutex mutex;
  std::condition_variable changed;
  int seen = 0;
  int told = 0;
  const Subscription watching = parts_.events->Subscribe(session_id, 0, [&](const SessionEvent&) {
    const std::lock_guard lock(mutex);
    ++told;
    changed.notify_one();
  });
  while (true) {
    auto session = Get(user_id, session_id);
    if (!session.ok() || model::IsFinal(session->status)) return session;
    std::unique_lock lock(mutex);
    if (!changed.wait_until(lock, deadline, [&] { return told != seen; })) return session;
    seen = told;
  }
}

// What the feedback can build on is worth a look; where it cannot be read, the analysis goes on without.
AnalysisRequest SessionService::RequestFor(const model::Session& session, int decode_ms) {
  AnalysisRequest request{session.mode, session.locale, session.reference_text, decode_ms};
  request.session_id = session.id;
  request.user_id = session.user_id;
  if (session.sentence_id) {
    if (const auto sentence = parts_.sentences->Get(*session.sentence_id, session.user_id); sentence.ok())
      request.level = sentence->level;
  }
  storage::SessionFilter latest;
  latest.limit = kRememberedSessions;
  if (const auto earlier = parts_.sessions->List(session.user_id, latest); earlier.ok())
    request.history = HistoryFrom(*earlier, session);
  return request;
}

queue::JobOutcome SessionService::AgainAfter(const base::Error& why) {
  return why.code == base::ErrorCode::kStorageUnavailable ? queue::JobOutcome::kStoreAway : queue::JobOutcome::kRetry;
}

queue::JobOutcome SessionService::AgainUnlessGone(const base::Error& why) {
  return why.code == base::ErrorCode::kSessionNotFound ? queue::JobOutcome::kDone : AgainAfter(why);
}

bool SessionService::IsPassing(base::ErrorCode code) {
  return code == base::ErrorCode::kBusy || code == base::ErrorCode::kTimeout || code == base::ErrorCode::kStorageUnavailable;
}

queue::JobOutcome SessionService::Do(const queue::Job& job, const std::stop_token& stop) {
  return job.kind == kAnalyseJob ? Analyse(job, stop) : DoStage(job, stop);
}

// Errors that pass: as IsPassing. With any other the recording cannot be read.
base::Result<SessionService::Loaded> SessionService::Load(const model::Session& session) {
  const auto bytes = parts_.blobs->Get(session.audio_key);
  if (!bytes.ok()) {
    if (bytes.error().code == base::ErrorCode::kNotFound)
      return {base::ErrorCode::kAudioUnreadable, "the kept recording is gone"};
    return {base::ErrorCode::kStorageUnavailable, bytes.error().message};
  }
  const base::Stopwatch watch;
  auto clip = Decode(*bytes, session.audio_format);
  if (!clip.ok()) return clip.error();
  return Loaded{std::move(*clip), watch.ElapsedMs()};
}

AnalysisObserver SessionService::Telling(const std::string& session_id) {
  const auto publish = [this, session_id](EventPayload payload) { parts_.events->Publish(session_id, std::move(payload)); };
  AnalysisObserver observer;
  observer.on_progress = [publish](int percent, model::Stage stage) { publish(ProgressEvent{percent, stage}); };
  observer.on_transcript = [publish](const model::Transcript& transcript) { publish(TranscriptionEvent{transcript, true}); };
  observer.on_prosody = [publish](const model::ProsodyReport& report) { publish(ProsodyEvent{report}); };
  observer.on_pronunciation = [publish](const model::PronunciationReport& report) { publish(PronunciationEvent{report}); };
  observer.on_feedback_delta = [publish](std::string_view text) { publish(FeedbackDeltaEvent{std::string(text), false}); };
  observer.on_feedback_restart = [publish] { publish(FeedbackDeltaEvent{"", true}); };
  observer.on_failure = [publish](const model::StageFailure& failure) { publish(ErrorEvent{failure.error, failure.stage}); };
  return observer;
}

std::optional<model::Analysis> SessionService::EarlierResult(const model::Session& session, const model::Turn* turn) const {
  return turn != nullptr ? turn->analysis : session.analysis;
}

queue::JobOutcome SessionService::Analyse(const queue::Job& job, const std::stop_token& stop) {
  trace::ActiveSpan span("analyse recording");
  span->Set(kSessionIdAttribute, job.session_id);
  TellPlaces();
  auto found = parts_.sessions->Get(job.session_id);
  if (!found.ok()) {
    return found.error().code == base::ErrorCode::kSessionNotFound ? queue::JobOutcome::kDone : queue::JobOutcome::kRetry;
  }
  model::Session session = std::move(*found);
  if (session.status != kProcessing) {
    NoteHere(session.id, false);
    // The process may have died between the result and its counting.
    return Count(session);
  }
  NoteHere(session.id, true);

  const auto loaded = Load(session);
  if (!loaded.ok())
    return IsPassing(loaded.error().code) ? queue::JobOutcome::kRetry : Finish(std::move(session), loaded.error(), stop);
  const auto turns = Turns(session);
  if (!turns.ok()) return queue::JobOutcome::kRetry;
  const model::Turn* turn = Conversations::TurnOf(*turns, session);
  // The coach answers while the rest is analysed: the learner waits for its words first.
  std::future<base::Status> reply;
  AnalysisObserver observer = Telling(session.id);
  observer.on_transcript = [&, tell = observer.on_transcript](const model::Transcript& transcript) {
    tell(transcript);
    if (turn == nullptr) return;
    reply = std::async(std::launch::async, base::InThisTrace([&, text = transcript.text] {
                         const trace::ActiveSpan coach("coach reply");
                         return parts_.conversations->Reply(*turn, text, stop);
                       }));
  };
  AnalysisRequest request = RequestFor(session, loaded->decode_ms);
  request.previous = EarlierResult(session, turn);
  auto outcome = AnalyseRecording(loaded->clip, request, parts_.stages, observer, stop);
  if (reply.valid() && !reply.get().ok()) return queue::JobOutcome::kRetry;
  if (!outcome.ok() && outcome.error().code == base::ErrorCode::kCancelled) return queue::JobOutcome::kRetry;
  return Finish(std::move(session), std::move(outcome), stop);
}

// The turn with its answer; nothing where the session is no conversation.
base::Result<std::optional<model::Turn>> SessionService::KeepTurn(const model::Session& session,
                                                                  const base::Result<model::Analysis>& outcome,
                                                                  const std::stop_token& stop) {
  const auto turns = Turns(session);
  if (!turns.ok()) return turns.error();
  const model::Turn* found = Conversations::TurnOf(*turns, session);
  if (found == nullptr) return std::optional<model::Turn>();
  model::Turn turn = *found;
  turn.audio_key = session.audio_key;
  turn.audio_format = session.audio_format;
  turn.audio_size_bytes = session.audio_size_bytes;
  turn.completed_at_ms = parts_.clock->NowMs();
  turn.error.reset();
  if (outcome.ok()) {
    turn.analysis = *outcome;
  } else {
    turn.analysis.reset();
    turn.error = outcome.error();
  }
  // Where nothing could be made out the coach asks again.
  const std::string heard = outcome.ok() ? outcome->transcript.text : std::string();
  if (const base::Status replied = parts_.conversations->Reply(turn, heard, stop); !replied.ok()) return replied.error();
  if (const base::Status kept = parts_.conversations->Keep(turn); !kept.ok()) return kept.error();
  return std::optional(std::move(turn));
}

// The result is in the database, and counted, before anyone hears of it.
queue::JobOutcome SessionService::Finish(model::Session session, base::Result<model::Analysis> outcome,
                                         const std::stop_token& stop) {
  const std::string id = session.id;
  auto turn = KeepTurn(session, outcome, stop);
  if (!turn.ok()) return turn.error().code == base::ErrorCode::kNotFound ? queue::JobOutcome::kDone : AgainAfter(turn.error());
  session.error.reset();
  if (*turn) {
    const auto turns = Turns(session);
    if (!turns.ok()) return AgainAfter(turns.error());
    session.analysis = SumUp(*turns);
    if (!session.analysis) session.error = (*turn)->error;
  } else if (outcome.ok()) {
    session.analysis = std::move(*outcome);
  } else {
    session.error = outcome.error();
  }
  const model::SessionStatus to = session.error ? kFailed : StatusOf(*session.analysis);
  const auto finished = Move(std::move(session), to);
  if (!finished.ok()) {
    // Deleted meanwhile, or finished by another run of the same job: nothing is left to do.
    const bool is_gone =
        finished.error().code == base::ErrorCode::kWrongState || finished.error().code == base::ErrorCode::kSessionNotFound;
    if (!is_gone) return AgainAfter(finished.error());
    NoteHere(id, false);
    return queue::JobOutcome::kDone;
  }
  if (parts_.metrics != nullptr) parts_.metrics->SessionEnded(*finished);
  base::Log(base::LogLevel::kInfo, "session analysed",
            {{"session_id", finished->id},
             {"status", model::Name(finished->status)},
             {"total_ms", finished->analysis ? finished->analysis->times.total_ms : 0},
             {"error", finished->error ? base::ErrorCodeName(finished->error->code) : "none"}});
  if (!config_.broker.url.empty()) return HandOn(kUpdateProgressJob, finished->id);
  NoteHere(finished->id, false);
  const queue::JobOutcome counted = Count(*finished);
  static_cast<void>(TellEnd(*finished, *turn));  // who comes later is told
  return counted;
}

queue::JobOutcome SessionService::Count(const model::Session& session) {
  if (parts_.progress == nullptr) return queue::JobOutcome::kDone;
  const base::Status counted = parts_.progress->Count(session);
  // Deleted meanwhile: nothing to count.
  if (counted.ok() || counted.error().code == base::ErrorCode::kConflict) return queue::JobOutcome::kDone;
  base::Log(base::LogLevel::kWarning, "session not counted yet",
            {{"session_id", session.id}, {"reason", counted.error().message}});
  return AgainAfter(counted.error());
}

// What was found before, with the rules' words on it; `why` where nothing was.
base::Result<model::Analysis> SessionService::WithRulesAlone(const model::Session& session, const base::Error& why) {
  if (config_.broker.url.empty()) return why;
  const auto found = parts_.findings->Of(session.id);
  if (!found.ok()) return found.error();
  if (found->analysis.empty()) return why;
  auto measured = KeptAnalysis(*found);
  if (!measured.ok()) return why;
  SilentWriter silent(why);
  Stages stages = parts_.stages;
  stages.llm = &silent;
  try {
    return AdviseOn(std::move(*measured), RequestFor(session, 0), stages, Telling(session.id));
  } catch (const std::exception& fault) {
    return {why.code, fault.what()};
  }
}

queue::JobOutcome SessionService::GiveUp(const queue::Job& job) {
  // Who transcribes measures the voice as well, and whoever comes back is told what they missed.
  if (job.kind == kMeasureVoiceJob || job.kind == kUpdateProgressJob) return queue::JobOutcome::kDone;
  auto session = parts_.sessions->Get(job.session_id);
  if (!session.ok()) return AgainUnlessGone(session.error());
  if (session->status != kProcessing) return queue::JobOutcome::kDone;
  base::Log(base::LogLevel::kError, "analysis given up", {{"session_id", job.session_id}, {"attempts", job.attempt}});
  const base::Error why{base::ErrorCode::kInternal, fmt::format("given up after {} attempts", job.attempt)};
  auto outcome = WithRulesAlone(*session, why);
  if (!outcome.ok() && outcome.error().code == base::ErrorCode::kStorageUnavailable) return AgainAfter(outcome.error());
  // The last word on it waits for the coach.
  return Finish(std::move(*session), std::move(outcome), {});
}

}  // namespace speechcoach::pipeline
