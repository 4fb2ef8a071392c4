// The stages of an analysis as jobs that processes share. Each may run again after a crash, and beside a copy of itself: it looks first at what is
// done, and what it finds counts only as long as the session is being analysed with that recording.
#include <exception>
#include <future>
#include <utility>

#include <boost/json.hpp>

#include "base/log.h"
#include "base/trace_context.h"
#include "json/model_json.h"
#include "json/prosody_json.h"
#include "pipeline/session_jobs.h"
#include "pipeline/session_service.h"
#include "trace/span.h"

namespace speechcoach::pipeline {
namespace {

namespace bj = boost::json;

using enum model::SessionStatus;
using queue::JobOutcome;

bj::value Parsed(const std::string& text) { return bj::parse(text, {}, {.allow_invalid_utf8 = true}); }

std::string VoiceText(const MeasuredVoice& voice) {
  return bj::serialize(bj::object{{"ms", voice.ms}, {"report", json::ToWholeJson(voice.report)}});
}

}  // namespace

// Kept, or needed no more; otherwise again.
JobOutcome SessionService::OutcomeOf(const base::Status& kept) {
  return kept.ok() || kept.error().code == base::ErrorCode::kWrongState ? JobOutcome::kDone : AgainAfter(kept.error());
}

base::Result<model::Analysis> SessionService::KeptAnalysis(const storage::StageFindings& found) {
  try {
    return json::AnalysisFromJson(Parsed(found.analysis));
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kInternal, fault.what()};
  }
}

JobOutcome SessionService::HandOn(const char* kind, const std::string& session_id) {
  const base::Status queued = parts_.queue->Enqueue({kind, session_id, 0});
  if (queued.ok()) return JobOutcome::kDone;
  base::Log(base::LogLevel::kWarning, "next stage not queued",
            {{"session_id", session_id}, {"stage", kind}, {"reason", queued.error().message}});
  return AgainAfter(queued.error());
}

JobOutcome SessionService::DoStage(const queue::Job& job, const std::stop_token& stop) {
  trace::ActiveSpan span("analyse recording");
  span->Set(kSessionIdAttribute, job.session_id);
  auto session = parts_.sessions->Get(job.session_id);
  if (!session.ok()) return AgainUnlessGone(session.error());
  if (job.kind == kUpdateProgressJob) return UpdateProgress(*session);
  if (job.kind == kMeasureVoiceJob) return MeasureVoice(*session);
  if (session->status != kProcessing) {
    // The process that had this job before may have died between the result and sending the last one, or just after that.
    return job.attempt > 1 && model::IsFinal(session->status) ? HandOn(kUpdateProgressJob, session->id) : JobOutcome::kDone;
  }
  return job.kind == kTranscribeJob ? Transcribe(std::move(*session), stop) : WriteFeedback(std::move(*session), stop);
}

std::optional<MeasuredVoice> SessionService::VoiceOf(const std::string& session_id) {
  const auto found = parts_.findings->Of(session_id);
  if (!found.ok() || found->voice.empty()) return std::nullopt;
  try {
    const bj::value voice = Parsed(found->voice);
    return MeasuredVoice{json::ProsodyFromJson(voice.at("report")), voice.at("ms").to_number<int>()};
  } catch (const std::exception& fault) {
    base::Log(base::LogLevel::kWarning, "kept voice not readable", {{"session_id", session_id}, {"reason", fault.what()}});
    return std::nullopt;
  }
}

JobOutcome SessionService::MeasureVoice(const model::Session& session) {
  if (session.status != kProcessing) return JobOutcome::kDone;
  const auto found = parts_.findings->Of(session.id);
  if (!found.ok()) return AgainUnlessGone(found.error());
  if (!found->voice.empty() || !found->analysis.empty()) return JobOutcome::kDone;
  const auto loaded = Load(session);
  // What cannot be read, or measured, is told by who transcribes it.
  if (!loaded.ok()) return IsPassing(loaded.error().code) ? AgainAfter(loaded.error()) : JobOutcome::kDone;
  trace::ActiveSpan span("prosody");
  const base::Stopwatch watch;
  auto report = parts_.stages.prosody->Extract(loaded->clip);
  if (!report.ok()) {
    span->Fail(base::ErrorCodeName(report.error().code));
    return JobOutcome::kDone;
  }
  return OutcomeOf(parts_.findings->KeepVoice(session.id, session.audio_key, VoiceText({std::move(*report), watch.ElapsedMs()})));
}

JobOutcome SessionService::Transcribe(model::Session session, const std::stop_token& stop) {
  const auto found = parts_.findings->Of(session.id);
  if (!found.ok()) return AgainUnlessGone(found.error());
  if (!found->analysis.empty()) return HandOn(kWriteFeedbackJob, session.id);
  const auto loaded = Load(session);
  if (!loaded.ok())
    return IsPassing(loaded.error().code) ? AgainAfter(loaded.error()) : Finish(std::move(session), loaded.error(), stop);
  const auto turns = Turns(session);
  if (!turns.ok()) return AgainAfter(turns.error());
  AnalysisRequest request = RequestFor(session, loaded->decode_ms);
  request.previous = EarlierResult(session, Conversations::TurnOf(*turns, session));
  request.voice = [this, &session] { return VoiceOf(session.id); };
  auto measured = MeasureRecording(loaded->clip, request, parts_.stages, Telling(session.id), stop);
  if (!measured.ok()) {
    return measured.error().code == base::ErrorCode::kCancelled ? JobOutcome::kRetry
                                                                : Finish(std::move(session), measured.error(), stop);
  }
  const base::Status kept = parts_.findings->KeepAnalysis(session.id, session.audio_key, bj::serialize(json::ToJson(*measured)));
  return kept.ok() ? HandOn(kWriteFeedbackJob, session.id) : OutcomeOf(kept);
}

JobOutcome SessionService::WriteFeedback(model::Session session, const std::stop_token& stop) {
  const auto found = parts_.findings->Of(session.id);
  if (!found.ok()) return AgainUnlessGone(found.error());
  // It is being analysed anew: that run sends its own.
  if (found->analysis.empty()) return JobOutcome::kDone;
  auto measured = KeptAnalysis(*found);
  if (!measured.ok()) return Finish(std::move(session), measured.error(), stop);
  const auto turns = Turns(session);
  if (!turns.ok()) return AgainAfter(turns.error());
  std::future<base::Status> reply;
  if (const model::Turn* turn = Conversations::TurnOf(*turns, session)) {
    reply = std::async(std::launch::async, base::InThisTrace([this, turn, text = measured->transcript.text, &stop] {
                         const trace::ActiveSpan coach("coach reply");
                         return parts_.conversations->Reply(*turn, text, stop);
                       }));
  }
  auto outcome = AdviseOn(std::move(*measured), RequestFor(session, 0), parts_.stages, Telling(session.id), stop);
  if (reply.valid()) {
    if (const base::Status replied = reply.get(); !replied.ok()) return AgainAfter(replied.error());
  }
  if (!outcome.ok() && outcome.error().code == base::ErrorCode::kCancelled) return JobOutcome::kRetry;
  return Finish(std::move(session), std::move(outcome), stop);
}

// The result is counted before anyone hears of it, and who waits for it does hear of it.
JobOutcome SessionService::UpdateProgress(const model::Session& session) {
  if (session.status != kCompleted && session.status != kDegraded && session.status != kFailed) return JobOutcome::kDone;
  if (const JobOutcome counted = Count(session); counted != JobOutcome::kDone) return counted;
  const auto turn = NewestAnswered(session);
  if (!turn.ok()) return AgainAfter(turn.error());
  const base::Status told = TellEnd(session, *turn);
  return told.ok() ? JobOutcome::kDone : AgainAfter(told.error());
}

}  // namespace speechcoach::pipeline
