#include "cli/analyze.h"

#include <cstdio>

#include <fmt/format.h>

#include "base/clock.h"
#include "cli/audio_file.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "json/model_json.h"
#include "model/user_message.h"
#include "pipeline/reference_sentence.h"

namespace speechcoach::cli {
namespace {

std::string_view StageLabel(model::Stage stage, model::Locale locale) {
  const bool vi = locale == model::Locale::kVi;
  switch (stage) {
    case model::Stage::kListening:
      return vi ? "Đang nghe" : "Listening";
    case model::Stage::kTranscribing:
      return vi ? "Đang nhận dạng lời nói" : "Transcribing";
    case model::Stage::kProsody:
      return vi ? "Đang phân tích ngữ điệu" : "Analysing prosody";
    case model::Stage::kScoring:
      return vi ? "Đang chấm điểm" : "Scoring";
    case model::Stage::kFeedback:
      break;
  }
  return vi ? "Đang viết góp ý" : "Writing feedback";
}

}  // namespace

ExitCode RunAnalyze(const AnalyzeCommand& command, const base::Config& config, audio::AudioDecoder& decoder,
                    const pipeline::Stages& stages) {
  const model::Locale locale = model::LocaleFromName(config.locale).value_or(model::Locale::kVi);
  if (!command.reference_text.empty()) {
    if (const base::Status checked = pipeline::CheckReference(command.reference_text); !checked.ok()) {
      fmt::print(stderr, "speechcoach: {}\n  (--reference: {})\n",
                 model::UserMessage(checked.error().code, locale, "reference_text"), checked.error().message);
      return ExitCode::kUsage;
    }
  }
  const base::Stopwatch decode_watch;
  const auto clip = ReadAudioFile(command.file, config, decoder);
  if (!clip.ok()) return ComplainOfAudio(clip.error(), locale);

  pipeline::AnalysisRequest request;
  request.mode = command.reference_text.empty() ? model::Mode::kConversation : model::Mode::kSentencePractice;
  request.locale = locale;
  request.reference_text = command.reference_text;
  request.decode_ms = decode_watch.ElapsedMs();
  const auto analysis = [&] {
    ProgressBar bar;
    pipeline::AnalysisObserver observer;
    observer.on_progress = [&](int percent, model::Stage stage) { bar.Show(percent, StageLabel(stage, locale)); };
    return pipeline::AnalyseRecording(*clip, request, stages, observer);
  }();
  if (!analysis.ok()) return ComplainOfAudio(analysis.error(), locale);

  if (command.as_json) {
    fmt::print("{}\n", boost::json::serialize(json::ToJson(*analysis)));
  } else {
    fmt::print("{}", FormatReport(*analysis, {locale, HasColours(stdout), command.reference_text}));
  }
  return analysis->failures.empty() ? ExitCode::kOk : ExitCode::kDegraded;
}

}  // namespace speechcoach::cli
