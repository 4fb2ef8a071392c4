#include "pipeline/analyse_recording.h"

#include <algorithm>
#include <exception>
#include <future>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "audio/voice_activity.h"
#include "base/clock.h"
#include "base/trace_context.h"
#include "pipeline/sound_findings.h"
#include "pipeline/vowel_intervals.h"
#include "scoring/scoring.h"
#include "trace/span.h"

namespace speechcoach::pipeline {
namespace {

// How much of the whole each stage is, in percent; the rest is the way there.
constexpr double kTranscribingShare = 55;
constexpr double kProsodyShare = 20;
constexpr double kScoringShare = 10;
constexpr double kFeedbackShare = 10;

// Serialises the observer's calls, and makes one honest percentage out of stages that run side by side.
class Progress {
 public:
  explicit Progress(const AnalysisObserver& observer) : observer_(observer) {}

  // Everything but the feedback was told.
  void GoOnAfterScoring() { transcribing_ = prosody_ = scoring_ = 1.0; }

  void Transcribing(double share) {
    Report(model::Stage::kTranscribing, [&] { transcribing_ = std::max(transcribing_, std::min(share, 1.0)); });
  }
  void Prosody(double share) {
    Report(model::Stage::kProsody, [&] { prosody_ = share; });
  }
  void Scoring(double share) {
    Report(model::Stage::kScoring, [&] { scoring_ = share; });
  }
  void Feedback(double share) {
    Report(model::Stage::kFeedback, [&] { feedback_ = share; });
  }

  template <typename Call>
  void Tell(Call&& call) {
    const std::lock_guard lock(mutex_);
    call(observer_);
  }

 private:
  template <typename Change>
  void Report(model::Stage stage, Change&& change) {
    const std::lock_guard lock(mutex_);
    change();
    const double percent =
        5 + kTranscribingShare * transcribing_ + kProsodyShare * prosody_ + kScoringShare * scoring_ + kFeedbackShare * feedback_;
    if (static_cast<int>(percent) <= last_percent_) return;
    last_percent_ = static_cast<int>(percent);
    observer_.on_progress(last_percent_, stage);
  }

  const AnalysisObserver& observer_;
  std::mutex mutex_;
  double transcribing_ = 0;
  double prosody_ = 0;
  double scoring_ = 0;
  double feedback_ = 0;
  int last_percent_ = 0;
};

// What a stage throws (memory that is not there, above all) is one more way for it to fail.
template <typename Work>
auto Guarded(base::ErrorCode code, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& fault) {
    return {code, fault.what()};
  }
}

struct ProsodyOutcome {
  base::Result<model::ProsodyReport> report;
  int ms = 0;
};

ProsodyOutcome RunProsody(const model::AudioClip& clip, prosody::ProsodyExtractor& extractor, Progress& progress) {
  trace::ActiveSpan span("prosody");
  const base::Stopwatch watch;
  auto report = Guarded(base::ErrorCode::kProsodyFailed, [&] { return extractor.Extract(clip); });
  if (report.ok()) progress.Prosody(1.0);
  if (!report.ok()) span->Fail(base::ErrorCodeName(report.error().code));
  return {std::move(report), watch.ElapsedMs()};
}

void Fail(model::Stage stage, base::ErrorCode code, const base::Error& cause, model::Analysis& analysis, Progress& progress) {
  const std::string detail =
      cause.code == code ? cause.message : fmt::format("{}: {}", base::ErrorCodeName(cause.code), cause.message);
  analysis.failures.push_back({stage, {code, detail}});
  progress.Tell([&](const AnalysisObserver& observer) { observer.on_failure(analysis.failures.back()); });
}

bool HasFailed(const model::Analysis& analysis, model::Stage stage) {
  return std::ranges::find(analysis.failures, stage, &model::StageFailure::stage) != analysis.failures.end();
}

// What scores and advice rest on, and the scores.
struct Judgement {
  scoring::Evidence evidence;
  scoring::ScoreReport report;
};

Judgement Judge(const model::Analysis& analysis, const AnalysisRequest& request, const model::RatingCalibration& calibration) {
  Judgement judgement;
  scoring::Evidence& evidence = judgement.evidence;
  evidence.mode = request.mode;
  evidence.locale = request.locale;
  evidence.reference_text = request.reference_text;
  if (!HasFailed(analysis, model::Stage::kTranscribing)) evidence.transcript = analysis.transcript;
  evidence.prosody = analysis.prosody;
  evidence.pronunciation = analysis.pronunciation;
  if (analysis.pronunciation) evidence.sounds = SoundFindings(*analysis.pronunciation);
  evidence.audio_duration_s = analysis.audio_duration_s;
  evidence.level = request.level;
  evidence.history = request.history;
  evidence.session_id = request.session_id;
  evidence.calibration = calibration;
  judgement.report = scoring::ComputeScores(evidence);
  return judgement;
}

// Everything but the feedback.
class Measurement {
 public:
  Measurement(const model::AudioClip& clip, const AnalysisRequest& request, const Stages& stages, Progress& progress)
      : clip_(clip), request_(request), stages_(stages), progress_(progress) {}

  base::Status Run(const std::stop_token& stop) {
    analysis_.audio_duration_s = clip_.duration_s();
    analysis_.audio_truncated = clip_.truncated;
    if (audio::FindSpeech(clip_).empty()) return {base::ErrorCode::kNoSpeech, "no speech in the recording"};

    if (const base::Status heard = Listen(stop); !heard.ok()) return heard;
    JudgePronunciation(stop);
    TellVoice();
    Score();
    analysis_.times.decode_ms = request_.decode_ms;
    analysis_.times.total_ms = request_.decode_ms + watch_.ElapsedMs();
    return {};
  }

  model::Analysis& analysis() { return analysis_; }
  const Judgement& judgement() const { return judgement_; }

 private:
  // True where an earlier run did that stage's work.
  bool IsKept(model::Stage stage) const { return request_.previous && !HasFailed(*request_.previous, stage); }

  // The voice is measured again where words or sounds are: they are found with what is not kept of it.
  bool IsAllMeasured() const {
    return IsKept(model::Stage::kTranscribing) && IsKept(model::Stage::kProsody) && IsKept(model::Stage::kScoring);
  }

  base::Result<model::Transcript> Transcribe(const std::stop_token& stop) {
    if (IsKept(model::Stage::kTranscribing)) {
      analysis_.times.stt_ms = request_.previous->times.stt_ms;
      return request_.previous->transcript;
    }
    trace::ActiveSpan span("transcribe");
    const base::Stopwatch watch;
    auto transcript = Guarded(base::ErrorCode::kSttFailed, [&] {
      stt::TranscribeOptions options{stop, [this](double share) { progress_.Transcribing(share); }};
      if (stages_.pronunciation != nullptr)
        options.on_evidence = [this](model::SpeechEvidence evidence) { evidence_of_speech_ = std::move(evidence); };
      options.reference_text = request_.reference_text;
      return stages_.transcriber->Transcribe(clip_, options);
    });
    analysis_.times.stt_ms = watch.ElapsedMs();
    if (!transcript.ok()) span->Fail(base::ErrorCodeName(transcript.error().code));
    if (transcript.ok()) progress_.Tell([&](const AnalysisObserver& observer) { observer.on_transcript(*transcript); });
    return transcript;
  }

  ProsodyOutcome VoiceFromElsewhere() {
    if (IsAllMeasured()) return {request_.previous->prosody, request_.previous->times.prosody_ms};
    if (auto measured = request_.voice()) return {std::move(measured->report), measured->ms};
    return RunProsody(clip_, *stages_.prosody, progress_);
  }

  // Speech to text on this thread, prosody beside it or elsewhere.
  base::Status Listen(const std::stop_token& stop) {
    std::future<ProsodyOutcome> prosody;
    if (!IsAllMeasured() && !request_.voice)
      prosody =
          std::async(std::launch::async, base::InThisTrace([this] { return RunProsody(clip_, *stages_.prosody, progress_); }));
    progress_.Transcribing(0.0);
    auto transcript = Transcribe(stop);
    progress_.Transcribing(1.0);

    ProsodyOutcome voice = prosody.valid() ? prosody.get() : VoiceFromElsewhere();
    analysis_.times.prosody_ms = voice.ms;

    if (stop.stop_requested()) return {base::ErrorCode::kCancelled, "the analysis was cancelled"};
    if (!transcript.ok() && !voice.report.ok()) {
      return {base::ErrorCode::kInternal, fmt::format("neither words nor voice could be analysed: {}; {}",
                                                      transcript.error().message, voice.report.error().message)};
    }
    if (transcript.ok() && transcript->words.empty()) return {base::ErrorCode::kNoSpeech, "no word could be made out"};

    if (voice.report.ok()) {
      analysis_.prosody = std::move(*voice.report);
    } else {
      analysis_.prosody = prosody::ExtractMinimal(clip_);
      Fail(model::Stage::kProsody, base::ErrorCode::kProsodyFailed, voice.report.error(), analysis_, progress_);
    }
    if (transcript.ok()) {
      analysis_.transcript = std::move(*transcript);
      has_transcript_ = true;
      if (!IsAllMeasured()) prosody::AddTranscript(analysis_.prosody, analysis_.transcript);
    } else {
      Fail(model::Stage::kTranscribing, base::ErrorCode::kSttFailed, transcript.error(), analysis_, progress_);
    }
    progress_.Prosody(1.0);
    return {};
  }

  // Where it cannot be judged, the scores rest on the transcript, and the failure is told. Without a transcript nobody can say which words were
  // left out: what the program failed at is not the learner's fault.
  void JudgePronunciation(const std::stop_token& stop) {
    if (stages_.pronunciation == nullptr || !has_transcript_) return;
    if (IsAllMeasured() && request_.previous->pronunciation) {
      analysis_.pronunciation = request_.previous->pronunciation;
      analysis_.times.text_ms = request_.previous->times.text_ms;
      return;
    }
    trace::ActiveSpan span("pronunciation");
    const base::Stopwatch watch;
    auto report = Guarded(base::ErrorCode::kInternal, [&]() -> base::Result<model::PronunciationReport> {
      if (!evidence_of_speech_) {
        if (stages_.encoder == nullptr)
          return {base::ErrorCode::kModelUnavailable, "nothing gives the speech model's view of the recording"};
        auto encoded = stages_.encoder->Encode(clip_, request_.reference_text, stop);
        if (!encoded.ok()) return encoded.error();
        evidence_of_speech_ = std::move(*encoded);
      }
      analysis_.times.text_ms = evidence_of_speech_->text_ms;
      return stages_.pronunciation->Assess({clip_, *evidence_of_speech_, analysis_.transcript, analysis_.prosody},
                                           request_.reference_text);
    });
    pronunciation_ms_ = watch.ElapsedMs();
    if (!report.ok()) {
      span->Fail(base::ErrorCodeName(report.error().code));
      Fail(model::Stage::kScoring, report.error().code, report.error(), analysis_, progress_);
      return;
    }
    analysis_.pronunciation = std::move(*report);
    prosody::AddVowels(analysis_.prosody, VowelsIn(*analysis_.pronunciation));
  }

  // Told once, with the share that words and sounds have in it.
  void TellVoice() {
    if (IsAllMeasured()) return;
    progress_.Tell([&](const AnalysisObserver& observer) {
      observer.on_prosody(analysis_.prosody);
      if (analysis_.pronunciation) observer.on_pronunciation(*analysis_.pronunciation);
    });
  }

  void Score() {
    const trace::ActiveSpan span("score");
    const base::Stopwatch watch;
    judgement_ = Judge(analysis_, request_, stages_.calibration);
    analysis_.scores = judgement_.report.scores;
    analysis_.miscues = judgement_.report.miscues;
    analysis_.times.scoring_ms = pronunciation_ms_ + watch.ElapsedMs();
    progress_.Scoring(1.0);
  }

  const model::AudioClip& clip_;
  const AnalysisRequest& request_;
  const Stages& stages_;
  Progress& progress_;
  base::Stopwatch watch_;
  model::Analysis analysis_;
  Judgement judgement_;
  bool has_transcript_ = false;
  std::optional<model::SpeechEvidence> evidence_of_speech_;
  int pronunciation_ms_ = 0;
};

scoring::FeedbackWish Wish(const AnalysisRequest& request, Progress& progress, const std::stop_token& stop) {
  scoring::FeedbackWish wish;
  wish.user_id = request.user_id;
  wish.on_sentence = [&progress](std::string_view sentence) {
    progress.Tell([&](const AnalysisObserver& observer) { observer.on_feedback_delta(sentence); });
  };
  wish.on_start_over = [&progress] { progress.Tell([](const AnalysisObserver& observer) { observer.on_feedback_restart(); }); };
  wish.stop = stop;
  return wish;
}

base::Status Advise(model::Analysis& analysis, const Judgement& judgement, const AnalysisRequest& request, const Stages& stages,
                    Progress& progress, const std::stop_token& stop) {
  trace::ActiveSpan span("feedback");
  const base::Stopwatch watch;
  const auto& [evidence, report] = judgement;
  bool is_written = false;
  std::optional<base::Error> llm_fault;
  if (stages.llm != nullptr) {
    auto feedback = Guarded(base::ErrorCode::kFeedbackDegraded,
                            [&evidence = evidence, &report = report, &stages, wish = Wish(request, progress, stop)] {
                              return stages.llm->Write(evidence, report, wish);
                            });
    is_written = feedback.ok();
    if (is_written) {
      analysis.feedback = std::move(*feedback);
      analysis.llm_provider = analysis.feedback.source.provider;
    } else if (feedback.error().code == base::ErrorCode::kCancelled) {
      return feedback.error();
    } else if (feedback.error().code != base::ErrorCode::kModelUnavailable) {
      // Where no model is set up the rules' feedback is what was asked for, not a lesser one.
      llm_fault = feedback.error();
    }
  }
  if (!is_written) {
    auto feedback = stages.rules->Write(evidence, report);
    if (feedback.ok()) analysis.feedback = std::move(*feedback);
  }
  if (llm_fault) {
    span->Fail(base::ErrorCodeName(llm_fault->code));
    analysis.degraded_mode = true;
    analysis.feedback = scoring::AsDegraded(std::move(analysis.feedback), evidence, report);
    Fail(model::Stage::kFeedback, base::ErrorCode::kFeedbackDegraded, *llm_fault, analysis, progress);
  }
  analysis.feedback.detailed.emotion = report.emotion;
  analysis.times.feedback_ms = watch.ElapsedMs();
  analysis.times.total_ms += analysis.times.feedback_ms;
  progress.Feedback(1.0);
  return {};
}

}  // namespace

base::Result<model::Analysis> AnalyseRecording(const model::AudioClip& clip, const AnalysisRequest& request, const Stages& stages,
                                               const AnalysisObserver& observer, std::stop_token stop) {
  Progress progress(observer);
  Measurement measurement(clip, request, stages, progress);
  if (const base::Status measured = measurement.Run(stop); !measured.ok()) return measured.error();
  const base::Status advised = Advise(measurement.analysis(), measurement.judgement(), request, stages, progress, stop);
  if (!advised.ok()) return advised.error();
  return std::move(measurement.analysis());
}

base::Result<model::Analysis> MeasureRecording(const model::AudioClip& clip, const AnalysisRequest& request, const Stages& stages,
                                               const AnalysisObserver& observer, std::stop_token stop) {
  Progress progress(observer);
  Measurement measurement(clip, request, stages, progress);
  if (const base::Status measured = measurement.Run(stop); !measured.ok()) return measured.error();
  return std::move(measurement.analysis());
}

base::Result<model::Analysis> AdviseOn(model::Analysis measured, const AnalysisRequest& request, const Stages& stages,
                                       const AnalysisObserver& observer, std::stop_token stop) {
  Progress progress(observer);
  progress.GoOnAfterScoring();
  const base::Status advised = Advise(measured, Judge(measured, request, stages.calibration), request, stages, progress, stop);
  if (!advised.ok()) return advised.error();
  return measured;
}

}  // namespace speechcoach::pipeline
