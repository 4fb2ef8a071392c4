#include "storage/internal/session_row.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "json/model_json.h"
#include "json/session_text.h"

namespace speechcoach::storage {
namespace {

void FillFromAnalysis(const model::Analysis& analysis, SessionRow& row) {
  row.analysis_result = json::StoredText(analysis);
  row.audio_duration_seconds = analysis.audio_duration_s;
  row.transcript = analysis.transcript.text;
  row.transcription_confidence = analysis.transcript.confidence;
  row.prosody_features = boost::json::serialize(json::ToJson(analysis.prosody));
  row.overall_score = analysis.scores.overall;
  row.pronunciation_score = analysis.scores.pronunciation;
  row.prosody_score = analysis.scores.prosody;
  row.emotion_score = analysis.scores.emotion;
  row.confidence_score = analysis.scores.confidence;
  row.fluency_score = analysis.scores.fluency;
  row.conversational_feedback = analysis.feedback.conversational;
  row.detailed_feedback = boost::json::serialize(json::ToJson(analysis.feedback.detailed));
  row.llm_provider_used = NullIfEmpty(analysis.llm_provider);
  row.processing_time_ms = analysis.times.total_ms;
  row.was_degraded_mode = analysis.degraded_mode ? 1 : 0;
}

}  // namespace

SessionRow ToRow(const model::Session& session) {
  SessionRow row;
  row.id = session.id;
  row.user_id = session.user_id;
  row.mode = model::Name(session.mode);
  row.locale = model::Name(session.locale);
  row.sentence_id = session.sentence_id;
  row.reference_text = NullIfEmpty(session.reference_text);
  row.status = model::Name(session.status);
  row.audio_url = NullIfEmpty(session.audio_key);
  row.audio_format = NullIfEmpty(session.audio_format);
  if (!session.audio_key.empty()) row.audio_size_bytes = session.audio_size_bytes;
  if (session.error) {
    row.error_code = std::string(base::ErrorCodeName(session.error->code));
    row.error_message = session.error->message;
  }
  if (session.analysis) FillFromAnalysis(*session.analysis, row);
  row.created_at = session.created_at_ms;
  if (session.completed_at_ms != 0) row.completed_at = session.completed_at_ms;
  return row;
}

base::Result<model::Session> HeadFromRow(const SessionRow& row) {
  const auto mode = model::ModeFromName(row.mode);
  const auto locale = model::LocaleFromName(row.locale);
  const auto status = model::SessionStatusFromName(row.status);
  if (!mode || !locale || !status) {
    return {base::ErrorCode::kInternal, fmt::format("session {}: mode, locale or status is unknown", row.id)};
  }
  model::Session session;
  session.id = row.id;
  session.user_id = row.user_id;
  session.mode = *mode;
  session.locale = *locale;
  if (row.sentence_id.has_value()) session.sentence_id = row.sentence_id.value;
  if (row.reference_text.has_value()) session.reference_text = row.reference_text.value;
  session.status = *status;
  if (row.audio_url.has_value()) session.audio_key = row.audio_url.value;
  if (row.audio_format.has_value()) session.audio_format = row.audio_format.value;
  if (row.audio_size_bytes.has_value()) session.audio_size_bytes = row.audio_size_bytes.value;
  if (row.error_code.has_value()) {
    session.error = base::Error{base::ErrorCodeFromName(row.error_code.value),
                                row.error_message.has_value() ? row.error_message.value : std::string()};
  }
  session.created_at_ms = row.created_at;
  if (row.completed_at.has_value()) session.completed_at_ms = row.completed_at.value;
  return session;
}

base::Result<model::Session> FromRow(const SessionRow& row) {
  auto session = HeadFromRow(row);
  if (!session.ok() || !row.analysis_result.has_value()) return session;
  auto analysis = json::AnalysisFromJson(boost::json::parse(row.analysis_result.value, {}, {.allow_invalid_utf8 = true}));
  if (!analysis.ok()) return analysis.error();
  session->analysis = std::move(*analysis);
  return session;
}

base::Result<model::SessionSummary> SummaryFromRow(const SessionRow& row) {
  auto session = HeadFromRow(row);
  if (!session.ok()) return session.error();
  model::SessionSummary summary{std::move(*session), {}};
  if (!row.overall_score.has_value()) return summary;
  model::AnalysisSummary& analysis = summary.analysis.emplace();
  analysis.audio_duration_s = row.audio_duration_seconds.value;
  if (row.transcript.has_value()) analysis.transcript = row.transcript.value;
  analysis.scores = {row.overall_score.value, row.pronunciation_score.value, row.prosody_score.value,
                     row.emotion_score.value, row.confidence_score.value,    row.fluency_score.value};
  analysis.degraded_mode = row.was_degraded_mode != 0;
  return summary;
}

}  // namespace speechcoach::storage
